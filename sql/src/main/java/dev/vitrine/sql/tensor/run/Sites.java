package dev.vitrine.sql.tensor.run;

import dev.vitrine.engine.model.HookPoint;
import java.util.List;

/** The sites of hidden states, in order of computation; the ordinal in this list is the coordinate. */
public final class Sites {
    private static final List<HookPoint> SITES = List.of(
            HookPoint.RESID_PRE, HookPoint.ATTN_OUT, HookPoint.RESID_MID, HookPoint.MLP_OUT, HookPoint.RESID_POST);

    private Sites() {}

    public static int count() {
        return SITES.size();
    }

    public static HookPoint hook(int site) {
        return SITES.get(site);
    }

    /** Its name in SQL. */
    public static String name(int site) {
        return SITES.get(site).label();
    }
}
