package dev.vitrine.engine.model;

import static dev.vitrine.engine.model.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that lies about itself is refused when it is opened, with the place; nothing beyond its end is ever mapped. */
class DamagedSafetensorsTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("model.safetensors");
    }

    @Test
    void aFileTooShortForAHeaderLengthIsRefused() throws IOException {
        Files.write(file, new byte[7]);
        assertBad("file is 7 bytes long; expected at least the 8 bytes of a header length", 0);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 18446744073709551615",
        "-9223372036854775808, 9223372036854775808",
        "9223372036854775807, 9223372036854775807",
        "0, 0",
        "11, 11"
    })
    void aHeaderLengthThatLiesIsRefused(long length, String shown) throws IOException {
        byte[] bytes = ByteBuffer.allocate(18)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
        Files.write(file, bytes);
        assertBad("header length is " + shown + "; expected 2 to 10, the bytes that follow it", 0);
    }

    @Test
    void aHeaderLongerThanTheFormatAllowsIsRefusedBeforeItIsRead() throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.writeLong(Long.reverseBytes(100_000_001));
            sparse.setLength(200_000_000);
        }
        assertBad("header length is 100000001; expected at most 100000000", 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]| header is a JSON ARRAY; expected an object",
                "{'a':5}| dtype of tensor 'a' is missing; expected a string",
                "{'a':{'dtype':1}}| dtype of tensor 'a' is 1; expected a string",
                "{'a':{'dtype':'F32'}}| shape of tensor 'a' is missing; expected a list of whole numbers",
                "{'a':{'dtype':'F32','shape':[1.5]}}"
                        + "| shape of tensor 'a' has 1.5; expected whole numbers from 0 to 2^63 - 1",
                "{'a':{'dtype':'F32','shape':[-1]}}"
                        + "| shape of tensor 'a' has -1; expected whole numbers from 0 to 2^63 - 1",
                "{'a':{'dtype':'F32','shape':[9223372036854775808]}}"
                        + "| shape of tensor 'a' has 9223372036854775808; expected whole numbers from 0 to 2^63 - 1",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':'0,4'}}"
                        + "| data_offsets of tensor 'a' is '0,4'; expected a list of whole numbers",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4]}}"
                        + "| data_offsets of tensor 'a' are [4]; expected two numbers in ascending order",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}"
                        + "| data_offsets of tensor 'a' are [4,0]; expected two numbers in ascending order",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}"
                        + "| tensor 'a' has 8 bytes; expected 12 for F32 of shape (3)",
                "{'a':{'dtype':'BF16','shape':[2,3],'data_offsets':[0,8]}}"
                        + "| tensor 'a' has 8 bytes; expected 12 for BF16 of shape (2, 3)",
                "{'a':{'dtype':'F32','shape':[4294967296,1073741824],'data_offsets':[0,0]}}"
                        + "| shape (4294967296, 1073741824) of tensor 'a' has more values than a file can hold",
            })
    void aTensorThatIsDescribedWronglyIsRefused(String header, String message) throws IOException {
        Files.write(file, SafetensorsFile.raw(header.replace('\'', '"'), new byte[8]));
        assertBad(message.replaceAll("is '0,4'", "is \"0,4\""), 8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[4,12]| tensor 'b' ends at byte 12 of the data; expected at most 8, the data's length: the file is cut off or its"
                        + " header is wrong",
                "[9223372036854775799,9223372036854775807]"
                        + "| tensor 'b' ends at byte 9223372036854775807 of the data; expected at most 8, the data's length: the file is"
                        + " cut off or its header is wrong",
                "[0,8]| tensor 'b' begins at byte 0 of the data; expected 4, where the tensor before it ends"
            })
    void bytesOutsideTheDataOrSharedWithAnotherTensorAreRefused(String offsets, String message) throws IOException {
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + offsets + "}}";
        Files.write(file, SafetensorsFile.raw(header, new byte[8]));
        assertBad(message, 8 + header.length());
    }

    @Test
    void bytesThatBelongToNoTensorAreRefused() throws IOException {
        String hole = "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[5,8]}}";
        Files.write(file, SafetensorsFile.raw(hole, new byte[8]));
        assertBad(
                "tensor 'a' begins at byte 5 of the data; expected 0, where the tensor before it ends",
                8 + hole.length());
        String rest = "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}";
        Files.write(file, SafetensorsFile.raw(rest, new byte[8]));
        assertBad("data is 8 bytes long; expected 3, where the last tensor ends", 8 + rest.length());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":| Unexpected end-of-input within/between Object entries| 13",
                "{\"a\":1,\"a\":2}| Duplicate field 'a'| 18"
            })
    void aHeaderThatIsNotJsonIsRefusedWithTheByteWhereItFails(String header, String reason, int offset)
            throws IOException {
        Files.write(file, SafetensorsFile.raw(header, new byte[0]));
        assertBad("header is not JSON: " + reason, offset);
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        new SafetensorsFile()
                .float32("a", new long[] {2, 3}, 1, 2, 3, 4, 5, 6)
                .tensor("b", "I64", new long[] {2}, new byte[16])
                .write(file, 1);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            Throwable failure = catchThrowable(() -> WeightSource.open(folder));
            assertThat(failure).as("first %d bytes", length).isInstanceOf(VitrineException.class);
            assertThat(((VitrineException) failure).code()).isEqualTo(ErrorCode.BAD_MODEL);
        }
    }

    @Test
    void everyFlippedBitIsRefusedOrReadWithoutHarm() throws IOException {
        new SafetensorsFile()
                .float32("a", new long[] {2, 3}, 1, 2, 3, 4, 5, 6)
                .tensor("b", "BF16", new long[] {2}, new byte[4])
                .write(file, 0);
        byte[] bytes = Files.readAllBytes(file);
        int header = bytes.length - 28;
        for (int bit = 0; bit < header * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, bytes);
            Throwable failure = catchThrowable(() -> {
                try (WeightSource source = WeightSource.open(folder)) {
                    source.names().forEach(source::floats);
                }
            });
            if (failure != null) {
                assertThat(failure).as("bit %d", bit).isInstanceOf(VitrineException.class);
                assertThat(((VitrineException) failure).code()).isIn(ErrorCode.BAD_MODEL, ErrorCode.UNSUPPORTED_MODEL);
            }
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    private void assertBad(String what, long offset) {
        assertFails(
                ErrorCode.BAD_MODEL, what + " (" + file + ", offset " + offset + ")", () -> WeightSource.open(folder));
    }
}
