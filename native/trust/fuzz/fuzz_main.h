/* The order of events of a fuzzer, to be included once everything that fuzz.h names is defined. */
#ifndef SOFTGRAD_TRUST_FUZZ_MAIN_H
#define SOFTGRAD_TRUST_FUZZ_MAIN_H

#include "fuzz.h"

static void run_with(const struct task *task, softgrad_count only, int garbage, struct outputs *out) {
    memset(out, 0, sizeof *out);
    out->garbage = garbage;
    run(task, only, out);
}

/* The same bits, except that every NaN is as good as any other; whole numbers never look like one. */
static int are_same(size_t size, size_t bytes, const void *a, const void *b) {
    for (size_t at = 0; at < bytes; at += size) {
        const char *one = (const char *)a + at, *other = (const char *)b + at;
        double doubles[2] = {0};
        float floats[2] = {0};
        memcpy(size == 8 ? (void *)&doubles[0] : &floats[0], one, size);
        memcpy(size == 8 ? (void *)&doubles[1] : &floats[1], other, size);
        const int are_nan = size == 8 ? isnan(doubles[0]) && isnan(doubles[1]) : isnan(floats[0]) && isnan(floats[1]);
        if (!are_nan && memcmp(one, other, size) != 0) {
            return 0;
        }
    }
    return 1;
}

static void require_same(const struct outputs *a, const struct outputs *b) {
    REQUIRE(a->status == b->status && a->pull == b->pull, "status %d, %d; again %d, %d", a->status, a->pull, b->status,
            b->pull);
    for (int part = 0; part < a->parts; part++) {
        REQUIRE(are_same(a->part[part].size, a->part[part].bytes, a->part[part].memory, b->part[part].memory),
                "output %d depends on memory that was not written", part);
    }
}

static void require_same_alone(const struct task *task, softgrad_count row, const struct outputs *batch) {
    struct outputs alone;
    run_with(task, row, 0x7f, &alone);
    for (int part = 0; part < batch->parts; part++) {
        const size_t bytes = alone.part[part].bytes;
        const char *in_batch = (const char *)batch->part[part].memory + (size_t)row * bytes;
        REQUIRE(are_same(alone.part[part].size, bytes, in_batch, alone.part[part].memory),
                "output %d of row %lld is another one alone", part, row);
    }
    free_all(&alone.memory);
}

static void test(struct bytes *bytes, struct task *task, struct memory *inputs) {
    struct outputs out, again;
    decode(bytes, inputs, task);
    if (getenv("SOFTGRAD_TRUST_SAY")) {
        fprintf(stderr, "%s [%s]\n", call_made, softgrad_instruction_set());
    }
    run_with(task, -1, 0x00, &out);
    run_with(task, -1, 0xff, &again);
    const int expected = task->a.expected;
    const enum mistake mistake = task->a.mistake;
    REQUIRE(out.status == (mistake == NULL_BACKWARD ? SOFTGRAD_OK : expected), "status %d, mistake %d", out.status,
            mistake);
    REQUIRE(out.pull == (mistake == NULL_FORWARD ? SOFTGRAD_OK : expected), "status %d of the product, mistake %d",
            out.pull, mistake);
    if (mistake == NO_MISTAKE || expected == SOFTGRAD_OK) {
        require_same(&out, &again);
        for (softgrad_count row = 0; task->a.rows > 1 && row < task->a.rows && is_same_alone(task); row++) {
            require_same_alone(task, row, &out);
        }
        check(task, &out);
    } else if (mistake != NULL_FORWARD && mistake != NULL_BACKWARD) {
        require_untouched(&out);
    }
    free_all(&again.memory);
    free_all(&out.memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int caps[] = {SOFTGRAD_BEST, SOFTGRAD_BASELINE, SOFTGRAD_AVX2};
    struct bytes bytes = bytes_of(data, size);
    softgrad_cap_instruction_set(caps[take_one_of(&bytes, 3)]);
    misalignment = take(&bytes) & 1 ? 8 : 0;
    struct memory inputs = {0};
    struct task task;
    memset(&task, 0, sizeof task);
    test(&bytes, &task, &inputs);
    free_all(&inputs);
    return 0;
}

#endif
