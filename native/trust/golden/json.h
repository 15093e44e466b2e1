/* JSON as the golden files have it, one value a line, read into a tree. */
#ifndef SOFTGRAD_TRUST_JSON_H
#define SOFTGRAD_TRUST_JSON_H

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_OBJECT };

struct json {
    enum json_type type;
    double number; /* also of "NaN", "Infinity" and "-Infinity" */
    const char *text;
    int count;
    struct json *items;
    const char **names; /* of the items of an object */
};

/* Reads the value that `line` starts with; the line is cut into the tree's texts. Ends the program where it is none. */
struct json *json_read(char *line);

/* The item of that name, or null. */
const struct json *json_at(const struct json *object, const char *name);

/* Memory of exactly so many bytes, all of which json_forget frees, together with the trees. */
void *room(long long bytes);
void json_forget(void);

#endif
