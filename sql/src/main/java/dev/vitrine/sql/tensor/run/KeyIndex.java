package dev.vitrine.sql.tensor.run;

import java.util.Arrays;

/** Finds the slot of a key of up to several integers: by place where the keys are dense, by hash otherwise. */
public final class KeyIndex {
    private static final long SMALL_TABLE = 1 << 16;

    private final int width;
    private long[] keys;
    private int size;
    private long[] lo = {};
    private long[] span = {};
    private int[] places = {};
    private int[] table = {};

    KeyIndex(int width, int capacity) {
        this.width = width;
        this.keys = new long[width * capacity];
    }

    boolean isLast(long[] key) {
        return Arrays.equals(keys, (size - 1) * width, size * width, key, 0, width);
    }

    void add(long[] key) {
        System.arraycopy(key, 0, keys, size++ * width, width);
    }

    /** Builds the index over the keys added. */
    void seal() {
        lo = new long[width];
        span = new long[width];
        double places = 1;
        for (int i = 0; i < width; i++) {
            long least = Long.MAX_VALUE;
            long most = Long.MIN_VALUE;
            for (int slot = 0; slot < size; slot++) {
                least = Math.min(least, keys[slot * width + i]);
                most = Math.max(most, keys[slot * width + i]);
            }
            lo[i] = size == 0 ? 0 : least;
            span[i] = size == 0 ? 0 : most - least + 1;
            places *= span[i];
        }
        if (places <= Math.max(SMALL_TABLE, 16.0 * size)) {
            this.places = new int[(int) places];
            for (int slot = 0; slot < size; slot++) {
                this.places[(int) place(slot * width)] = slot + 1;
            }
        } else {
            table = new int[Integer.highestOneBit(Math.max(2, size)) * 4];
            for (int slot = 0; slot < size; slot++) {
                int at = hash(Arrays.copyOfRange(keys, slot * width, (slot + 1) * width));
                while (table[at] != 0) {
                    at = at + 1 & table.length - 1;
                }
                table[at] = slot + 1;
            }
        }
    }

    private long place(int at) {
        long place = 0;
        for (int i = 0; i < width; i++) {
            place = place * span[i] + (keys[at + i] - lo[i]);
        }
        return place;
    }

    private int hash(long[] key) {
        long hash = 0;
        for (long part : key) {
            hash = (hash ^ part) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return (int) hash & table.length - 1;
    }

    /** The slot of the empty key, or −1 where the table is empty. */
    public int find() {
        return size - 1;
    }

    /** The slot of a key, or −1. */
    public int find(long a) {
        if (table.length > 0) {
            return search(a);
        }
        long place = a - lo[0];
        return place < 0 || place >= span[0] ? -1 : places[(int) place] - 1;
    }

    /** The slot of a key, or −1. */
    public int find(long a, long b) {
        if (table.length > 0) {
            return search(a, b);
        }
        long first = a - lo[0];
        long second = b - lo[1];
        if (first < 0 || first >= span[0] || second < 0 || second >= span[1]) {
            return -1;
        }
        return places[(int) (first * span[1] + second)] - 1;
    }

    /** The slot of a key, or −1. */
    public int find(long a, long b, long c) {
        if (table.length > 0) {
            return search(a, b, c);
        }
        long first = a - lo[0];
        long second = b - lo[1];
        long third = c - lo[2];
        if (first < 0 || first >= span[0] || second < 0 || second >= span[1] || third < 0 || third >= span[2]) {
            return -1;
        }
        return places[(int) ((first * span[1] + second) * span[2] + third)] - 1;
    }

    /** The slot of a key, or −1. */
    public int find(long[] key) {
        if (table.length > 0) {
            return search(key);
        }
        long place = 0;
        for (int i = 0; i < width; i++) {
            long offset = key[i] - lo[i];
            if (offset < 0 || offset >= span[i]) {
                return -1;
            }
            place = place * span[i] + offset;
        }
        return places[(int) place] - 1;
    }

    private int search(long... key) {
        int at = hash(key);
        while (table[at] != 0) {
            int slot = table[at] - 1;
            if (Arrays.equals(keys, slot * width, (slot + 1) * width, key, 0, width)) {
                return slot;
            }
            at = at + 1 & table.length - 1;
        }
        return -1;
    }
}
