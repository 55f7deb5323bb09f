package dev.vitrine.udfs.correlation;

import org.jspecify.annotations.Nullable;

/**
 * Weighted means of x and y, and sums of squares and products about them, in one pass without a division per row.
 *
 * <p>Rows are summed about an origin: the mean of the rows before, or a row that outweighs them. Such a block of rows ends when it
 * weighs {@link #GROWTH} times what its origin stands for, and is then added to the moments as a partition (Chan, Golub and LeVeque,
 * "Algorithms for computing the sample variance", 1983). The shift between origin and mean then enlarges no sum of squares to more
 * than GROWTH + 1 times the moment that remains, whatever the order of rows and weights: large means do not cancel the digits of
 * small variances, and n rows lose at most some GROWTH·n·2⁻⁵³ of a moment.
 */
public final class WeightedMoments {
    private static final double GROWTH = 16;

    private double weight;
    private double meanX;
    private double meanY;
    private double squaresX;
    private double squaresY;
    private double products;

    private double originX;
    private double originY;
    private double blockLimit;
    private double blockWeight;
    private double blockX;
    private double blockY;
    private double blockXX;
    private double blockYY;
    private double blockXY;

    WeightedMoments() {}

    /** @param w more than 0, or NaN */
    void add(double x, double y, double w) {
        if (blockWeight + w > blockLimit) {
            beginBlock(x, y, w);
        }
        double dx = x - originX;
        double dy = y - originY;
        double wx = w * dx;
        double wy = w * dy;
        blockWeight += w;
        blockX += wx;
        blockY += wy;
        blockXX += wx * dx;
        blockYY += wy * dy;
        blockXY += wx * dy;
    }

    private void beginBlock(double x, double y, double w) {
        endBlock();
        if (w > blockLimit) {
            originX = x;
            originY = y;
            blockLimit = GROWTH * w;
        }
    }

    private void endBlock() {
        if (blockWeight != 0) {
            double shiftX = blockX / blockWeight;
            double shiftY = blockY / blockWeight;
            addPart(
                    blockWeight,
                    originX + shiftX,
                    originY + shiftY,
                    Math.max(0, blockXX - blockX * shiftX),
                    Math.max(0, blockYY - blockY * shiftY),
                    blockXY - blockX * shiftY);
            blockWeight = 0;
            blockX = 0;
            blockY = 0;
            blockXX = 0;
            blockYY = 0;
            blockXY = 0;
        }
        originX = meanX;
        originY = meanY;
        blockLimit = GROWTH * weight;
    }

    void merge(WeightedMoments other) {
        endBlock();
        other.endBlock();
        if (other.weight != 0) {
            addPart(other.weight, other.meanX, other.meanY, other.squaresX, other.squaresY, other.products);
            endBlock();
        }
    }

    /** The mean moves from the heavier side, so that a far-off mean of little weight leaves no rounding of its size behind. */
    private void addPart(double w, double x, double y, double partXX, double partYY, double partXY) {
        double total = weight + w;
        double dx = x - meanX;
        double dy = y - meanY;
        double cross = weight * (w / total);
        if (w > weight) {
            meanX = x - weight / total * dx;
            meanY = y - weight / total * dy;
        } else {
            meanX += w / total * dx;
            meanY += w / total * dy;
        }
        squaresX += partXX + cross * dx * dx;
        squaresY += partYY + cross * dy * dy;
        products += partXY + cross * dx * dy;
        weight = total;
    }

    /** Pearson's r, or null where x or y does not vary. */
    @Nullable
    Double correlation() {
        endBlock();
        if (squaresX == 0 || squaresY == 0) {
            return null;
        }
        double r = products / (Math.sqrt(squaresX) * Math.sqrt(squaresY));
        return Math.max(-1, Math.min(1, r));
    }
}
