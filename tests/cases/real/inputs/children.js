const { execFile, execFileSync, spawn } = require('child_process');
const zlib = require('zlib');
console.log(execFileSync('sort', ['small.txt']).toString());
execFile('sh', ['-c', 'echo out; exit 4'], (error, out) => {
    console.log(error.code, out);
    spawn('cat').on('exit', (status, signal) => {
        console.log(status, signal);
        zlib.gzip(Buffer.alloc(300000, 'x'), (failed, packed) => console.log(packed.length));
    }).kill('SIGTERM');
});
