#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    struct block *next;
    void *memory;
};

static struct block *blocks;

/* A block of its own for each piece, so that a sanitizer sees where it ends. */
void *room(long long bytes) {
    struct block *block = malloc(sizeof *block);
    void *memory = malloc((size_t)(bytes > 0 ? bytes : 1));
    if (!block || !memory) {
        fprintf(stderr, "no memory for %lld bytes\n", bytes);
        exit(2);
    }
    *block = (struct block){blocks, memory};
    blocks = block;
    return memory;
}

void json_forget(void) {
    while (blocks) {
        struct block *block = blocks;
        blocks = block->next;
        free(block->memory);
        free(block);
    }
}

static void fail(const char *at) {
    fprintf(stderr, "no JSON at: %.40s\n", at);
    exit(2);
}

static char *skip(char *at) {
    while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n') {
        at++;
    }
    return at;
}

static char *expect(char *at, const char *word) {
    if (strncmp(at, word, strlen(word)) != 0) {
        fail(at);
    }
    return at + strlen(word);
}

/* The names and numbers of golden files need no escapes. */
static char *read_text(char *at, const char **text) {
    at = expect(at, "\"");
    *text = at;
    char *end = strchr(at, '"');
    if (!end || memchr(at, '\\', (size_t)(end - at))) {
        fail(at);
    }
    *end = 0;
    return end + 1;
}

static char *read_value(char *at, struct json *out);

static void grow(struct json *out, int is_object) {
    const int is_full = (out->count & (out->count - 1)) == 0; /* a power of two, or none */
    if (!is_full) {
        return;
    }
    const long long capacity = out->count ? 2LL * out->count : 1;
    struct json *items = room(capacity * (long long)sizeof *items);
    memcpy(items, out->items, (size_t)out->count * sizeof *items);
    out->items = items;
    if (is_object) {
        const char **names = room(capacity * (long long)sizeof *names);
        memcpy(names, out->names, (size_t)out->count * sizeof *names);
        out->names = names;
    }
}

static char *read_items(char *at, struct json *out, char end) {
    static const char *no_names[1];
    static struct json no_items[1];
    out->items = no_items;
    out->names = no_names;
    at = skip(at + 1);
    while (*at != end) {
        grow(out, end == '}');
        if (end == '}') {
            at = skip(read_text(at, &out->names[out->count]));
            at = skip(expect(at, ":"));
        }
        at = skip(read_value(at, &out->items[out->count]));
        out->count++;
        at = *at == ',' ? skip(at + 1) : at;
    }
    return at + 1;
}

static char *read_value(char *at, struct json *out) {
    memset(out, 0, sizeof *out);
    switch (*at) {
        case '{': out->type = JSON_OBJECT; return read_items(at, out, '}');
        case '[': out->type = JSON_LIST; return read_items(at, out, ']');
        case '"': {
            out->type = JSON_TEXT;
            char *end = read_text(at, &out->text);
            out->number = strtod(out->text, NULL);
            return end;
        }
        case 't': out->type = JSON_TRUE; return expect(at, "true");
        case 'f': out->type = JSON_FALSE; return expect(at, "false");
        case 'n': out->type = JSON_NULL; return expect(at, "null");
        default: break;
    }
    char *end;
    out->type = JSON_NUMBER;
    out->number = strtod(at, &end);
    if (end == at) {
        fail(at);
    }
    return end;
}

struct json *json_read(char *line) {
    struct json *value = room(sizeof *value);
    read_value(skip(line), value);
    return value;
}

const struct json *json_at(const struct json *object, const char *name) {
    for (int i = 0; object && object->type == JSON_OBJECT && i < object->count; i++) {
        if (!strcmp(object->names[i], name)) {
            return &object->items[i];
        }
    }
    return NULL;
}
