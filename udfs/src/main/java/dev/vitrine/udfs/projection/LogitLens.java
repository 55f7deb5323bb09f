package dev.vitrine.udfs.projection;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.VectorRows;
import dev.vitrine.udfs.FunctionContext;
import dev.vitrine.udfs.SqlFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * What the model would say if it stopped early: its own head on the residual stream after every layer, with the final norm's statistics
 * taken anew from each state, and through the transform of a masked-language-model head where there is one.
 */
@SqlFunction(
        name = "logit_lens",
        arguments = {
            "run: a run with resid_post, of a model with a language-model head",
            "prompt: a prompt of the run, from 0",
            "k: number of tokens per state, 1 to the size of the vocabulary"
        },
        summary =
                "The k tokens with the largest logits when the model's final norm and head read the residual stream that enters layer 0"
                        + " (resid_pre, where kept) and leaves each layer (resid_post); rank from 1, ties in the order of ids.",
        source = "nostalgebraist 2020, interpreting GPT: the logit lens; nostalgebraist/transformer-utils",
        example = "SELECT t.layer, t.pos, t.token, t.logit FROM runs AS r, LATERAL TABLE(logit_lens(r.run, 0, 1)) AS t",
        columns = {
            "layer INTEGER",
            "site VARCHAR",
            "pos INTEGER",
            "rank INTEGER",
            "token_id INTEGER",
            "token VARCHAR",
            "logit REAL"
        })
public final class LogitLens {
    /** Positions whose logits are held at once: some 10 MB with a large vocabulary, a few milliseconds of work. */
    private static final int POSITIONS = 16;

    private LogitLens() {}

    public static Iterable<Object[]> rows(FunctionContext context, String run, int prompt, int k) {
        Run source = context.run("logit_lens", run, prompt);
        TransformerModel model = context.model(source);
        ProjectTokens.requireCount("logit_lens", k, model);
        int tokens = source.tokens(prompt);
        List<States> all = new ArrayList<>();
        int[] layers = source.layers();
        if (layers[0] == 0 && source.has(HookPoint.RESID_PRE)) {
            addStates(all, HookPoint.RESID_PRE, source.hidden(HookPoint.RESID_PRE), 0, tokens);
        }
        VectorRows written = source.hidden(HookPoint.RESID_POST);
        for (int layer : layers) {
            addStates(all, HookPoint.RESID_POST, written, layer, tokens);
        }
        return () -> all.stream()
                .flatMap(states -> states.top(context, model, prompt, k).stream())
                .iterator();
    }

    private static void addStates(List<States> all, HookPoint site, VectorRows vectors, int layer, int tokens) {
        for (int from = 0; from < tokens; from += POSITIONS) {
            all.add(new States(site, vectors, layer, from, Math.min(tokens, from + POSITIONS)));
        }
    }

    /** Positions {@code from} to {@code to}, exclusive, of one site and layer. */
    private record States(HookPoint site, VectorRows vectors, int layer, int from, int to) {
        List<Object[]> top(FunctionContext context, TransformerModel model, int prompt, int k) {
            context.checkActive();
            float[] states = new float[(to - from) * vectors.dimension()];
            vectors.block(prompt, layer, 0, from, to, states);
            float[] logits = model.logits(states, to - from);
            int vocabulary = logits.length / (to - from);
            List<Object[]> rows = new ArrayList<>((to - from) * k);
            for (int pos = from; pos < to; pos++) {
                int first = (pos - from) * vocabulary;
                int[] top = TopTokens.of(logits, first, vocabulary, k);
                for (int i = 0; i < k; i++) {
                    String token = model.tokenizer().token(top[i]);
                    rows.add(new Object[] {layer, site.label(), pos, i + 1, top[i], token, logits[first + top[i]]});
                }
            }
            return rows;
        }
    }
}
