package dev.vitrine.examples.benchmarks;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.model.TransformerModel;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One measurement, in a process of its own so that the peak of its memory is its own. Arguments: mode (as {@link Program#command} gives
 * it), model folder, tokens per prompt, prompts per sample, samples, work folder. Prints one line of JSON: seconds to open the model,
 * seconds per prompt of the first sample and, after half a minute of these, of each that counts, and in turns with these of bare passes
 * in the same process, resident bytes before the model was opened and at their peak, before a bare pass in turn, bytes stored per prompt,
 * and the numbers of {@link Pick}.
 */
final class ExtractionMeasurement {
    /** So long the just-in-time compiler has much to do. */
    private static final int WARM_UP_SECONDS = 30;

    private ExtractionMeasurement() {}

    public static void main(String[] args) throws IOException {
        int tokens = Integer.parseInt(args[2]);
        int prompts = Integer.parseInt(args[3]);
        int samples = Integer.parseInt(args[4]);
        ObjectNode result = new ObjectMapper().createObjectNode();
        // The Python programs, too, have loaded PyTorch before they open the model.
        NativeLibraries.prepare();
        NDManager.newBaseManager().close();
        result.put("base", Machine.residentBytes());
        long begun = System.nanoTime();
        try (TransformerModel model = TransformerModel.open(args[1])) {
            result.put("open", secondsSince(begun));
            Mode mode = switch (args[0]) {
                case "bare" -> new ForwardMode(model, tokens, prompts, false);
                case "bare, two at once" -> new BesideMode(model, tokens, prompts);
                case "captured" -> new ForwardMode(model, tokens, prompts, true);
                case "durable" -> new DurableMode(model, tokens, prompts, Path.of(args[5]));
                default -> throw new IllegalArgumentException("mode " + args[0]);
            };
            double first = time(mode, prompts);
            result.put("first", first);
            long warm = System.nanoTime();
            while (secondsSince(warm) < WARM_UP_SECONDS - first * prompts) {
                time(mode, prompts);
            }
            result.put("peak", Machine.peakResidentBytes());
            // The machine's speed drifts, and is another in each process: what is compared takes turns in one.
            Mode bare = new ForwardMode(model, tokens, prompts, false);
            time(bare, prompts);
            ArrayNode seconds = result.putArray("seconds");
            ArrayNode bareSeconds = result.putArray("bare");
            for (int sample = 0; sample < samples; sample++) {
                bareSeconds.add(time(bare, prompts));
                seconds.add(time(mode, prompts));
            }
            if (mode instanceof DurableMode durable) {
                result.put("stored", durable.storedPerPrompt());
            }
            ArrayNode check = result.putArray("check");
            for (float number : mode.check()) {
                check.add(number);
            }
            mode.prepare();
        }
        System.out.println(result);
    }

    private static double time(Mode mode, int prompts) throws IOException {
        mode.prepare();
        long start = System.nanoTime();
        mode.run();
        return secondsSince(start) / prompts;
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
