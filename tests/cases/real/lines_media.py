"""Pictures, sound, film and print."""

from lines import Line

LINES = [
    Line("sox", "sox -R -n -r 8000 -b 16 a.wav synth 2 sine 440 vol 0.5; sox a.wav -R -t raw - reverb | cksum; "
         "sox --i -s a.wav; sox none.wav b.wav; echo $?", "sox", "PF", "sox"),
    Line("flac", "sox -R -n -r 8000 -b 16 a.wav synth 2 sine 440; flac -s a.wav && flac -s -d -c a.flac | "
         "cmp - a.wav", "flac", "PF", "flac sox"),
    Line("convert", "convert -size 300x200 plasma:red-blue -seed 1 -blur 0x4 -resize 50% -strip "
         "-define png:exclude-chunks=date x.png; identify -format '%w %h\\n' x.png; "
         "convert -size 100x80 gradient: -rotate 30 ppm:- | cksum; convert none.png x.gif; echo $?",
         "convert-im6.q16 identify-im6.q16", "PF", "convert"),
    Line("rsvg", "rsvg-convert -f png figure.svg | cksum", "rsvg-convert", "PF", "rsvg-convert"),
    Line("ffmpeg", "ffmpeg -v error -nostdin -bitexact -f lavfi -i testsrc=d=1:s=160x120 -f lavfi "
         "-i sine=d=1 -threads 2 -c:v mpeg4 -c:a aac -fflags +bitexact -flags +bitexact x.mkv; "
         "ffmpeg -v error -i x.mkv -f framemd5 - | tail -n 3; ffprobe -v error -show_entries "
         "stream=codec_name -of csv x.mkv; ffmpeg -v error -i none.mkv; echo $?", "ffmpeg ffprobe", "PTF",
         "ffmpeg"),
    Line("ghostscript", "gs -q -dBATCH -dNOPAUSE -sDEVICE=ppmraw -r36 -o page.ppm figure.ps && cksum page.ppm; "
         "gs -q -dNODISPLAY -dBATCH none.ps; echo $?", "gs", "PF", "gs"),
    Line("netpbm", "ppmmake red 100 80 | pamscale 2 | pnmtopng | pngtopam | cksum",
         "ppmmake pamscale pnmtopng", "PF", "ppmmake"),
    Line("optipng", "ppmmake red 100 80 | pnmtopng >a.png; optipng -quiet -o2 a.png && cksum a.png", "optipng",
         "PF", "optipng pnmtopng"),
    Line("dot", ["dot", "-Tsvg", "graph.dot"], "libgvc6-config-update", "F"),
    Line("gnuplot", ["gnuplot", "-e", "set terminal dumb 40 12; plot [0:6] sin(x); print 7.0 / 2"],
         "gnuplot-nox", "F"),
    Line("pdf", "gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -o p.pdf figure.ps; pdftotext p.pdf -; "
         "pdfinfo p.pdf | grep Pages; pdftoppm -r 36 p.pdf | cksum", "gs pdftotext pdftoppm", "PF",
         "gs pdftotext"),
    Line("groff", "groff -man -Tutf8 page.1 | head -n 5; groff -man -Tascii page.1 | cksum",
         "groff troff grotty", "P", "groff"),
]
