package dev.vitrine.engine.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Writes a GPT-2 of any size with random weights. */
final class RandomGpt2 {
    static final int VOCABULARY = 50;

    private final SafetensorsFile file = new SafetensorsFile();
    private final Random random = new Random(1);

    private RandomGpt2() {}

    /** Writes config.json and model.safetensors to a folder. */
    static Path write(Path folder, int layers, int heads, int width, int positions) throws IOException {
        RandomGpt2 model = new RandomGpt2();
        model.add("wte.weight", VOCABULARY, width);
        model.add("wpe.weight", positions, width);
        for (int layer = 0; layer < layers; layer++) {
            String at = "h." + layer + ".";
            model.linear(at + "attn.c_attn", width, 3 * width);
            model.linear(at + "attn.c_proj", width, width);
            model.linear(at + "mlp.c_fc", width, 4 * width);
            model.linear(at + "mlp.c_proj", 4 * width, width);
            model.norm(at + "ln_1", width);
            model.norm(at + "ln_2", width);
        }
        model.norm("ln_f", width);
        model.file.write(folder.resolve("model.safetensors"), 0);
        Files.writeString(
                folder.resolve("config.json"),
                ("{\"model_type\":\"gpt2\",\"n_layer\":%d,\"n_head\":%d,\"n_embd\":%d,\"n_positions\":%d,"
                                + "\"vocab_size\":%d}")
                        .formatted(layers, heads, width, positions, VOCABULARY));
        return folder;
    }

    private void linear(String name, int inputs, int outputs) {
        add(name + ".weight", inputs, outputs);
        add(name + ".bias", outputs);
    }

    private void norm(String name, int width) {
        add(name + ".weight", width);
        add(name + ".bias", width);
    }

    private void add(String name, long... shape) {
        long size = 1;
        for (long axis : shape) {
            size *= axis;
        }
        float[] values = new float[(int) size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 8;
        }
        file.float32(name, shape, values);
    }
}
