package dev.vitrine.udfs.vector;

import static dev.vitrine.udfs.Misuse.assertInvalidArgument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorFunctionsTest {
    private static final float[] EMPTY = {};
    private static final float[] A = {1, 2, 2};
    private static final float[] B = {2, -1, 4};

    @Test
    void smallVectorsHaveTheirExactValues() {
        assertThat(Dot.eval(A, B)).isEqualTo(8);
        assertThat(L2Norm.eval(A)).isEqualTo(3);
        assertThat(L2Distance.eval(A, new float[] {1, 5, -2})).isEqualTo(5);
        assertThat(CosineSimilarity.eval(A, new float[] {2, 4, 4})).isEqualTo(1);
        assertThat(CosineSimilarity.eval(A, new float[] {-1, -2, -2})).isEqualTo(-1);
        assertThat(CosineSimilarity.eval(A, new float[] {2, 1, -2})).isZero();
        assertThat(VectorAdd.eval(A, B)).containsExactly(3, 1, 6);
        assertThat(VectorSubtract.eval(A, B)).containsExactly(-1, 3, -2);
        assertThat(VectorScale.eval(A, -0.5)).containsExactly(-0.5f, -1, -1);
    }

    @Test
    void emptyVectorsAreZeroWithoutAnAngle() {
        assertThat(Dot.eval(EMPTY, EMPTY)).isZero();
        assertThat(L2Norm.eval(EMPTY)).isZero();
        assertThat(L2Distance.eval(EMPTY, EMPTY)).isZero();
        assertThat(CosineSimilarity.eval(EMPTY, EMPTY)).isNull();
        assertThat(VectorAdd.eval(EMPTY, EMPTY)).isEmpty();
        assertThat(VectorSubtract.eval(EMPTY, EMPTY)).isEmpty();
        assertThat(VectorScale.eval(EMPTY, 3)).isEmpty();
    }

    @Test
    void cosineWithAZeroVectorIsNull() {
        assertThat(CosineSimilarity.eval(A, new float[3])).isNull();
        assertThat(CosineSimilarity.eval(new float[3], A)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 64, 127})
    void nanAnywhereIsNan(int length) {
        float[] ones = VectorScale.eval(new float[length], 1);
        for (int i = 0; i < length; i++) {
            float[] holed = new float[length];
            holed[i] = Float.NaN;
            assertThat(Dot.eval(holed, ones)).isNaN();
            assertThat(L2Norm.eval(holed)).isNaN();
            assertThat(L2Distance.eval(ones, holed)).isNaN();
            assertThat(CosineSimilarity.eval(holed, holed)).isNaN();
            assertThat(VectorAdd.eval(holed, ones)[i]).isNaN();
            assertThat(VectorScale.eval(holed, 0)[i]).isNaN();
        }
    }

    /** BigDecimal is exact on floats; the bound is the one that {@link VectorMath} states. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 64, 127, 769})
    void sumsStayWithinTheStatedBoundOfTheExactOnes(int length) {
        float[] a = gaussian(length, 1);
        float[] b = gaussian(length, 2);
        BigDecimal dot = BigDecimal.ZERO;
        BigDecimal absolute = BigDecimal.ZERO;
        BigDecimal squares = BigDecimal.ZERO;
        for (int i = 0; i < length; i++) {
            BigDecimal product = new BigDecimal(a[i]).multiply(new BigDecimal(b[i]));
            dot = dot.add(product);
            absolute = absolute.add(product.abs());
            squares = squares.add(
                    new BigDecimal(a[i]).subtract(new BigDecimal(b[i])).pow(2));
        }
        double bound = (length / 4 + 4) * Math.ulp(0.5) * absolute.doubleValue();
        assertThat(Dot.eval(a, b)).isCloseTo(dot.doubleValue(), within(bound));
        double distance = squares.sqrt(MathContext.DECIMAL64).doubleValue();
        assertThat(L2Distance.eval(a, b)).isCloseTo(distance, within((length / 4 + 8) * Math.ulp(0.5) * distance));
    }

    @Test
    void hugeAndTinyElementsNeitherOverflowNorVanish() {
        float[] huge = {Float.MAX_VALUE, Float.MAX_VALUE};
        float[] tiny = {Float.MIN_VALUE, 0};
        assertThat(L2Norm.eval(huge)).isEqualTo(Math.sqrt(2 * (double) Float.MAX_VALUE * Float.MAX_VALUE));
        assertThat(CosineSimilarity.eval(huge, huge)).isCloseTo(1, within(1e-15));
        assertThat(CosineSimilarity.eval(tiny, tiny)).isEqualTo(1);
    }

    @Test
    void differentLengthsAreNamed() {
        float[] two = {1, 2};
        assertInvalidArgument(
                () -> Dot.eval(A, two), "dot: the first vector has length 3, the second 2; expected equal lengths");
        assertInvalidArgument(
                () -> L2Distance.eval(EMPTY, two),
                "l2_distance: the first vector has length 0, the second 2; expected equal lengths");
        assertInvalidArgument(
                () -> CosineSimilarity.eval(A, two),
                "cosine_similarity: the first vector has length 3, the second 2; expected equal lengths");
        assertInvalidArgument(
                () -> VectorAdd.eval(two, A),
                "vector_add: the first vector has length 2, the second 3; expected equal lengths");
        assertInvalidArgument(
                () -> VectorSubtract.eval(two, A),
                "vector_subtract: the first vector has length 2, the second 3; expected equal lengths");
    }

    static float[] gaussian(int length, long seed) {
        Random random = new Random(seed);
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }
}
