import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

public class Hello {
    public static void main(String[] arguments) throws Exception {
        ExecutorService team = Executors.newFixedThreadPool(4);
        List<Future<Long>> results = new ArrayList<>();
        for (int job = 0; job < 40; job++) {
            final int n = job;
            results.add(team.submit(() -> {
                long sum = 0;
                List<String> words = new ArrayList<>();
                for (int i = 0; i < 2000; i++) {
                    words.add("word" + i * n);
                    sum += words.get(i).length();
                }
                return sum;
            }));
        }
        long sum = 0;
        for (Future<Long> result : results)
            sum += result.get();
        team.shutdown();
        System.gc();
        System.out.println(sum);
        int[] empty = new int[0];
        try {
            System.out.println(empty[1]);
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println(e.getMessage());
        }
        String none = arguments.length > 5 ? "" : null;
        try {
            System.out.println(none.length());
        } catch (NullPointerException e) {
            System.out.println("null");
        }
        System.exit(3);
    }
}
