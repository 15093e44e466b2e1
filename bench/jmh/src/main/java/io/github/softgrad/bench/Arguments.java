package io.github.softgrad.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The arguments of a program: `--name value` in any order, and words without a name.
public final class Arguments {
    private final Map<String, String> named = new LinkedHashMap<>();
    private final List<String> words = new ArrayList<>();

    /// Reads them; a name that is not among the known ones throws [IllegalArgumentException].
    public Arguments(List<String> arguments, String... known) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("--")) {
                words.add(argument);
                continue;
            }
            String name = argument.substring(2);
            if (!List.of(known).contains(name)) {
                throw new IllegalArgumentException("there is no option " + argument + ", only " + List.of(known));
            }
            if (++i == arguments.size()) {
                throw new IllegalArgumentException("the option " + argument + " has no value");
            }
            named.put(name, arguments.get(i));
        }
    }

    public String text(String name, String otherwise) {
        return named.getOrDefault(name, otherwise);
    }

    public String required(String name) {
        if (!named.containsKey(name)) {
            throw new IllegalArgumentException("the option --" + name + " is missing");
        }
        return named.get(name);
    }

    /// A list that is separated by commas; an empty one is empty.
    public List<String> list(String name, String otherwise) {
        return Arrays.stream(text(name, otherwise).split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /// A list of whole numbers, which may be written as 1e6.
    public List<Integer> numbers(String name, String otherwise) {
        return list(name, otherwise).stream()
                .map(word -> Math.toIntExact(Math.round(number(name, word))))
                .toList();
    }

    public double number(String name, double otherwise) {
        return named.containsKey(name) ? number(name, named.get(name)) : otherwise;
    }

    private static double number(String name, String word) {
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("--" + name + " takes numbers, \"" + word + "\" is none", malformed);
        }
    }

    /// What has no name.
    public List<String> words() {
        return words;
    }
}
