import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.Deflater;

/** Threads that compute, make garbage, compress (memory of malloc) and run programs. */
public final class Threads {
    private static long work(int seed) throws Exception {
        long sum = seed;
        List<byte[]> kept = new ArrayList<>();
        byte[] out = new byte[20000];
        for (int turn = 0; turn < 400; turn++) {
            byte[] bytes = new byte[10000];
            for (int i = 0; i < bytes.length; i++)
                bytes[i] = (byte) (i * seed + turn);
            Deflater deflater = new Deflater();
            deflater.setInput(bytes);
            deflater.finish();
            sum = sum * 31 + deflater.deflate(out);
            deflater.end();
            kept.add(bytes);
            if (kept.size() > 100)
                kept.clear();
            if (turn % 100 == 0)
                Thread.sleep(10);
        }
        Process echo = new ProcessBuilder("/bin/echo", "x").start();
        return sum + echo.getInputStream().readAllBytes().length + echo.waitFor();
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = 6 * Integer.parseInt(arguments[0]);
        ExecutorService pool = Executors.newFixedThreadPool(6);
        List<Future<Long>> futures = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            final int seed = i;
            futures.add(pool.submit((Callable<Long>) () -> work(seed)));
        }
        long sum = 0;
        for (Future<Long> future : futures)
            sum = sum * 17 + future.get();
        pool.shutdown();
        System.out.println(sum);
    }
}
