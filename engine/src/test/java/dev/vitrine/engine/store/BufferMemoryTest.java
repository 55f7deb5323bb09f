package dev.vitrine.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BufferMemoryTest {
    /** 127 or 128 are reserved; those after them come from elsewhere. Only what is written takes memory. */
    @Test
    void buffersAreAlignedAndApart() {
        try (BufferMemory memory = new BufferMemory()) {
            List<ByteBuffer> buffers = new ArrayList<>();
            for (int i = 0; i < 131; i++) {
                ByteBuffer buffer = memory.take();
                assertThat(buffer.capacity()).isEqualTo(BufferMemory.BUFFER_BYTES);
                assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
                assertThat(buffer.alignmentOffset(0, SequentialFile.ALIGNMENT)).isZero();
                buffer.putInt(0, i).putInt(BufferMemory.BUFFER_BYTES - Integer.BYTES, -i);
                buffers.add(buffer);
            }
            for (int i = 0; i < buffers.size(); i++) {
                assertThat(buffers.get(i).getInt(0)).isEqualTo(i);
                assertThat(buffers.get(i).getInt(BufferMemory.BUFFER_BYTES - Integer.BYTES))
                        .isEqualTo(-i);
            }
        }
    }
}
