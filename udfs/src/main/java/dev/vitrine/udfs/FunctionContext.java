package dev.vitrine.udfs;

import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.Store;

/** What a table function may reach: the store it is called on and the models behind its runs. */
public interface FunctionContext {
    /** The store that the query reads. */
    Store store();

    /** The model of that name, opened at first use and owned by the context; {@code NOT_FOUND} where no run of the store names it. */
    TransformerModel model(String name);

    /** Throws {@code CANCELLED} or {@code TIMED_OUT} once the query should end; call it at least every few milliseconds of work. */
    void checkActive();
}
