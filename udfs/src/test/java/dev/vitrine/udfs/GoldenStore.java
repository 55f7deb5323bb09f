package dev.vitrine.udfs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TokenizedPrompt;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.AttentionForm;
import dev.vitrine.engine.store.FloatType;
import dev.vitrine.engine.store.PromptWriter;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.RunPlan;
import dev.vitrine.engine.store.RunWriter;
import dev.vitrine.engine.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** A store with one run of a golden model on the golden prompts, and that model. */
public final class GoldenStore implements FunctionContext, AutoCloseable {
    private final TransformerModel model;
    private final Store store;

    private GoldenStore(TransformerModel model, Store store) {
        this.model = model;
        this.store = store;
    }

    /** Writes a run of all activations of these layers on the golden prompts, named as the family. */
    public static GoldenStore write(Path folder, String family, List<Integer> layers) {
        return write(folder, family, layers, prompts(family));
    }

    /** Writes a run of all activations of these layers on prompts of these token ids, named as the family. */
    public static GoldenStore write(Path folder, String family, List<Integer> layers, List<long[]> prompts) {
        TransformerModel model = GoldenModels.open(family);
        EnumSet<HookPoint> hooks = EnumSet.range(HookPoint.Q, HookPoint.MLP_ACT);
        RunPlan plan = new RunPlan(family, model.card(), hooks, layers, null, AttentionForm.STORED, FloatType.FLOAT32);
        try (RunWriter run = RunWriter.create(folder, plan, model.tokenizer().vocabulary())) {
            for (long[] ids : prompts) {
                TokenizedPrompt prompt = model.tokenizer().ofIds(ids);
                PromptWriter begun =
                        Objects.requireNonNull(run.begin(model.tokenizer().decode(ids), Map.of(), prompt));
                model.forward(ids, begun);
                begun.commit();
            }
            run.finish();
        }
        return new GoldenStore(model, Store.open(folder));
    }

    private static List<long[]> prompts(String family) {
        String name = "/goldens/" + family.replaceAll("-.*", "") + ".prompts.json";
        try (InputStream in = Objects.requireNonNull(GoldenStore.class.getResourceAsStream(name))) {
            JsonNode prompts = new ObjectMapper().readTree(in);
            return StreamSupport.stream(prompts.spliterator(), false)
                    .map(prompt -> StreamSupport.stream(prompt.get("ids").spliterator(), false)
                            .mapToLong(JsonNode::longValue)
                            .toArray())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public TransformerModel model(Run run) {
        return model;
    }

    @Override
    public TransformerModel model(String name) {
        return model;
    }

    @Override
    public void checkActive() {}

    @Override
    public void close() {
        store.close();
        model.close();
    }
}
