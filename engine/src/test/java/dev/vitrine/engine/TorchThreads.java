package dev.vitrine.engine;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets a test have another number of torch's threads than the one that tests have by default. */
public final class TorchThreads implements AfterEachCallback {
    private int before;

    /** Sets the number for this thread and those to come, until the test ends. */
    public void set(int threads) {
        NativeLibraries.prepare();
        NDManager.newBaseManager().close();
        before = before == 0 ? JniUtils.getNumThreads() : before;
        JniUtils.setNumThreads(threads);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (before != 0) {
            JniUtils.setNumThreads(before);
        }
    }
}
