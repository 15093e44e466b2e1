/*
 * Runs the golden cases that one kernel, or a few of them, can compute; the others are counted.
 *
 *     golden_cases DIRECTORY [every]     `every` tries all instruction sets of the machine, not only the best
 */
#include "golden.h"

enum { LONGEST_LINE = 1 << 20 };

static const char *const files[] = {
    "projections.jsonl",   "axiswise_value.jsonl", "axiswise_index.jsonl", "rank.jsonl",    "straight_through.jsonl",
    "autodiff_safe.jsonl", "elementwise.jsonl",    "comparison.jsonl",     "logical.jsonl", "selection.jsonl",
    "safe_math.jsonl",     "log_probs.jsonl",      "second_order.jsonl"};

static long long verdicts[3];

static void run_case(char *line) {
    struct golden golden = golden_of(json_read(line));
    if (!strncmp(golden.function, "proj_", 5) && !json_at(golden.json, "hvp") && golden.regularizer >= 0) {
        run_projection(&golden);
    } else if (has_parameter(&golden, "method") && golden.regularizer >= 0) {
        run_axis(&golden);
    }
    verdicts[golden.verdict]++;
    json_forget();
}

static void run_file(const char *directory, const char *name) {
    static char line[LONGEST_LINE];
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    while (fgets(line, sizeof line, file)) {
        run_case(line);
    }
    fclose(file);
}

static void run_files(const char *directory) {
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        run_file(directory, files[i]);
    }
}

int main(int argc, char **argv) {
    static const int caps[] = {SOFTGRAD_BEST, SOFTGRAD_BASELINE, SOFTGRAD_AVX2};
    if (argc < 2) {
        fprintf(stderr, "usage: %s DIRECTORY [every]\n", argv[0]);
        return 2;
    }
    const char *best = softgrad_instruction_set();
    for (int i = 0; i < (argc > 2 ? 3 : 1); i++) {
        if (softgrad_cap_instruction_set(caps[i]) != SOFTGRAD_OK ||
            (i > 0 && !strcmp(softgrad_instruction_set(), best))) {
            continue;
        }
        memset(verdicts, 0, sizeof verdicts);
        run_files(argv[1]);
        printf("golden %s: %lld cases right, %lld wrong, %lld not a matter of kernels\n", softgrad_instruction_set(),
               verdicts[RIGHT], verdicts[WRONG], verdicts[NO_KERNEL]);
        if (verdicts[WRONG] > 0 || verdicts[RIGHT] < 1000) {
            return 1;
        }
    }
    return 0;
}
