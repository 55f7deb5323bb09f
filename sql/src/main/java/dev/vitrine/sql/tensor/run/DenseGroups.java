package dev.vitrine.sql.tensor.run;

/** Groups whose keys are small integers: a group's place follows from its keys. */
public final class DenseGroups extends Groups {
    /** First value of each key. */
    public final long[] base;

    /** Groups from one value of a key to the next. */
    public final int[] stride;

    private final int[] size;
    private final int end;

    /**
     * @param base first value of each key
     * @param size number of values of each key; their product is at most 2³¹ − 1
     */
    DenseGroups(GroupSpace space, long[] base, int[] size) {
        super(space, product(size));
        this.base = base;
        this.size = size;
        this.end = product(size);
        this.stride = new int[size.length];
        int step = 1;
        for (int i = size.length - 1; i >= 0; i--) {
            stride[i] = step;
            step *= size[i];
        }
    }

    /** What stands for NULL in a nullable key: its last value. */
    public long nullCode(int key) {
        return base[key] + size[key] - 1;
    }

    private static int product(int[] sizes) {
        int product = 1;
        for (int size : sizes) {
            product = Math.multiplyExact(product, size);
        }
        return product;
    }

    @Override
    public int end() {
        return end;
    }

    @Override
    public long key(int group, int key) {
        return base[key] + group / stride[key] % size[key];
    }

    @Override
    int same(Groups other, int from) {
        int group = 0;
        for (int key = 0; key < size.length; key++) {
            group += (int) (other.key(from, key) - base[key]) * stride[key];
        }
        return group;
    }
}
