package dev.vitrine.engine.store;

import static dev.vitrine.engine.model.HookPoint.ATTENTION;
import static dev.vitrine.engine.model.HookPoint.ATTN_OUT;
import static dev.vitrine.engine.model.HookPoint.K;
import static dev.vitrine.engine.model.HookPoint.MLP_ACT;
import static dev.vitrine.engine.model.HookPoint.MLP_OUT;
import static dev.vitrine.engine.model.HookPoint.Q;
import static dev.vitrine.engine.model.HookPoint.RESID_MID;
import static dev.vitrine.engine.model.HookPoint.RESID_POST;
import static dev.vitrine.engine.model.HookPoint.RESID_PRE;
import static dev.vitrine.engine.model.HookPoint.V;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.ModelCard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tensor files a run has and where each activation goes, for writers and readers alike. */
final class RunContents {
    /** The sites of table hidden_states in the order of computation, which is their order in the file. */
    static final List<HookPoint> SITES = List.of(RESID_PRE, ATTN_OUT, RESID_MID, MLP_OUT, RESID_POST);

    /** Required of a reader of attention with every {@link Statistic}, which the first runs did not have. */
    static final String STATISTICS = "attention_statistics";

    /** Where an activation is stored: in which table, as which of its units. */
    record Place(TensorTable table, int unit) {}

    private final List<TensorTable> tables = new ArrayList<>();
    private final Map<TensorTable.Unit, Place> places = new HashMap<>();

    private RunContents(
            ModelCard model,
            Set<HookPoint> hooks,
            List<Integer> layers,
            AttentionForm attention,
            FloatType type,
            boolean statistics) {
        int heads = model.heads();
        int kvHeads = model.kvHeads();
        if (hooks.contains(ATTENTION) && attention == AttentionForm.STORED) {
            List<TensorTable.Unit> units = units(ATTENTION, layers);
            add(new TensorTable(TableLayout.ATTENTION, units, heads, 0, model.causal(), type, statistics));
        }
        if (hooks.contains(Q)) {
            add(new TensorTable(TableLayout.QUERIES, units(Q, layers), heads, model.dHead(), false, type, false));
        }
        if (hooks.contains(K)) {
            add(new TensorTable(TableLayout.KEYS, units(K, layers), kvHeads, model.dHead(), false, type, false));
        }
        if (hooks.contains(V)) {
            add(new TensorTable(
                    TableLayout.VALUE_VECTORS, units(V, layers), kvHeads, model.dHead(), false, type, false));
        }
        List<TensorTable.Unit> states = new ArrayList<>();
        for (int layer : layers) {
            for (HookPoint site : SITES) {
                if (hooks.contains(site) && !(site == RESID_PRE && servedFromBelow(hooks, layers, layer))) {
                    states.add(new TensorTable.Unit(site, layer));
                }
            }
        }
        if (!states.isEmpty()) {
            add(new TensorTable(TableLayout.HIDDEN_STATES, states, 1, model.dModel(), false, type, false));
        }
        if (hooks.contains(MLP_ACT)) {
            add(new TensorTable(TableLayout.NEURONS, units(MLP_ACT, layers), 1, model.dMlp(), false, type, false));
        }
        if (hooks.contains(RESID_PRE)) {
            for (int layer : layers) {
                if (servedFromBelow(hooks, layers, layer)) {
                    Place below = places.get(new TensorTable.Unit(RESID_POST, layer - 1));
                    places.put(new TensorTable.Unit(RESID_PRE, layer), below);
                }
            }
        }
    }

    static RunContents of(RunManifest manifest) {
        return new RunContents(
                manifest.model(),
                Set.copyOf(manifest.hooks()),
                manifest.layers(),
                manifest.attention(),
                manifest.dtype(),
                manifest.requiredFeatures().contains(STATISTICS));
    }

    /** What a run is to have. */
    static RunContents of(RunPlan plan) {
        return new RunContents(plan.model(), plan.hooks(), plan.layers(), plan.attention(), plan.dtype(), true);
    }

    /** What a reader must know of beyond the format's version. */
    List<String> features() {
        return table(TableLayout.ATTENTION) == null ? List.of() : List.of(STATISTICS);
    }

    /** What leaves a block enters the next: one of the two is enough. */
    private static boolean servedFromBelow(Set<HookPoint> hooks, List<Integer> layers, int layer) {
        return hooks.contains(RESID_POST) && layers.contains(layer - 1);
    }

    private static List<TensorTable.Unit> units(HookPoint hook, List<Integer> layers) {
        return layers.stream().map(layer -> new TensorTable.Unit(hook, layer)).toList();
    }

    private void add(TensorTable table) {
        tables.add(table);
        for (int unit = 0; unit < table.units().size(); unit++) {
            places.put(table.units().get(unit), new Place(table, unit));
        }
    }

    List<TensorTable> tables() {
        return tables;
    }

    /** The table that a run keeps in this file, or null. */
    @Nullable
    TensorTable table(TableLayout layout) {
        for (TensorTable table : tables) {
            if (table.layout() == layout) {
                return table;
            }
        }
        return null;
    }

    /** Where an activation is read from, or null if the run does not keep it. */
    @Nullable
    Place place(HookPoint hook, int layer) {
        return places.get(new TensorTable.Unit(hook, layer));
    }

    /** Whether the writer must be given this activation: false for what is not kept and for what is served from elsewhere. */
    boolean takes(HookPoint hook, int layer) {
        Place place = place(hook, layer);
        return place != null && place.table().units().get(place.unit()).hook() == hook;
    }
}
