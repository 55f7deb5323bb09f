package dev.vitrine.engine.store;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory for buffers that go to the disk past the page cache. On Linux it is freed on close, and not when Java happens to collect
 * garbage, and a buffer is one huge page where the system gives them: a disk takes it in one piece and not as 512 pages that lie
 * anywhere, of which a virtual disk takes 254 at once. In an experiment (GPT-2 small's shape, 1,024 tokens) the writer's calls then took
 * 20 ms of processor time per prompt and not 50; pages of 4 KB gained nothing from larger buffers.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2)</a>
 */
final class BufferMemory implements AutoCloseable {
    /** The size of a buffer, and of a huge page where pages have 4 KB. */
    static final int BUFFER_BYTES = 2 << 20;

    /** Addresses, of which only what is used takes memory: more than a run has buffers. */
    private static final long RESERVED = 256L << 20;

    private static final int READ_WRITE = 1 | 2;
    private static final int PRIVATE_ANONYMOUS_UNRESERVED = 0x02 | 0x20 | 0x4000;
    private static final int MADV_HUGEPAGE = 14;
    private static final long FAILED = -1;

    private long mapped;
    private long next;

    BufferMemory() {
        mapped = Platform.isLinux() && Platform.is64Bit() ? map() : FAILED;
        next = (mapped + BUFFER_BYTES - 1) / BUFFER_BYTES * BUFFER_BYTES;
        if (mapped != FAILED) {
            call("madvise").invokeInt(new Object[] {new Pointer(next), RESERVED - BUFFER_BYTES, MADV_HUGEPAGE});
        }
    }

    private static long map() {
        try {
            Object[] arguments = {Pointer.NULL, RESERVED, READ_WRITE, PRIVATE_ANONYMOUS_UNRESERVED, -1, 0L};
            return call("mmap").invokeLong(arguments);
        } catch (UnsatisfiedLinkError e) {
            return FAILED;
        }
    }

    private static Function call(String name) {
        return NativeLibrary.getInstance("c").getFunction(name);
    }

    /** A little-endian buffer of {@link #BUFFER_BYTES}, aligned to {@link SequentialFile#ALIGNMENT} at least, with any content. */
    synchronized ByteBuffer take() {
        if (mapped == FAILED || next + BUFFER_BYTES > mapped + RESERVED) {
            return ByteBuffer.allocateDirect(BUFFER_BYTES + SequentialFile.ALIGNMENT)
                    .alignedSlice(SequentialFile.ALIGNMENT)
                    .limit(BUFFER_BYTES)
                    .slice()
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        ByteBuffer buffer = new Pointer(next).getByteBuffer(0, BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        next += BUFFER_BYTES;
        return buffer;
    }

    /** Frees the memory; no buffer may be used after that. */
    @Override
    public synchronized void close() {
        if (mapped != FAILED) {
            call("munmap").invokeInt(new Object[] {new Pointer(mapped), RESERVED});
            mapped = FAILED;
        }
    }
}
