#!/usr/bin/env bash
# Uses the JAR as strangers do: from a program of one file, a JShell session, Kotlin, and a project that depends on it.
#
#     tests/languages/run.sh [JAR]
#
# The JAR is the built one unless another is named. The JDK is the one that the Maven build found, or JAVA_HOME's where
# there was no build. The Kotlin compiler comes from Maven Central.
set -euo pipefail
jar=${1:+$(realpath "$1")}
cd "$(dirname "${BASH_SOURCE[0]}")"

root=$(realpath ../..)
readonly root
readonly expected='slope -2.067761, last rank 3.997039, kernels'

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# The JDK of the build first: JAVA_HOME may be the older one that runs Maven.
find_jdk() {
    local jdk=''
    if [[ -f $root/target/jdks.xml ]]; then
        jdk=$(awk -F'[<>]' '/<version>/ { version = $3 } /<jdkHome>/ && version + 0 >= 25 { print $3; exit }' \
            "$root/target/jdks.xml")
    fi
    jdk=${jdk:-${JAVA_HOME:-}}
    [[ -x $jdk/bin/java ]] || fail "no JDK 25: run ./mvnw verify first, or set JAVA_HOME"
    printf '%s\n' "$jdk"
}

find_jar() {
    local jars=("$root"/java/target/softgrad-[0-9]*.jar) jar
    for jar in "${jars[@]}"; do
        [[ $jar == *-sources.jar || $jar == *-javadoc.jar || ! -f $jar ]] || { realpath "$jar"; return; }
    done
    fail "no java/target/softgrad-VERSION.jar: run ./mvnw verify first, or name one"
}

jdk=$(find_jdk)
jar=${jar:-$(find_jar)}
[[ -f $jar ]] || fail "there is no $jar"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
readonly jdk jar work
readonly access=--enable-native-access=ALL-UNNAMED vector=--add-modules=jdk.incubator.vector
unset JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS

# expect NAME COMMAND...: the command prints the expected line, and nothing else but warnings of the virtual machine.
expect() {
    local name=$1 output
    shift
    output=$("$@" 2>&1) || fail "$name failed:"$'\n'"$output"
    output=$(grep -v '^WARNING: \|^$' <<<"$output" || true)
    [[ $output == "$expected "* && $output != *$'\n'* ]] ||
        fail "$name printed"$'\n'"$output"$'\n'"instead of"$'\n'"$expected ..."
    printf '%-38s %s\n' "$name" "$output"
}

maven() {
    JAVA_HOME=$jdk "$root/mvnw" -B -q "$@" >"$work/maven.log" 2>&1 ||
        fail "Maven failed:"$'\n'"$(cat "$work/maven.log")"
}

# Maven with a repository that goes away again, in front of the user's.
maven_apart() {
    maven -Dmaven.repo.local="$work/repository" -Dmaven.repo.local.tail="$HOME/.m2/repository" "$@"
}

# --- the report -------------------------------------------------------------------------------------------------------
report=$("$jdk/bin/java" -jar "$jar" 2>&1) || fail "java -jar softgrad.jar failed:"$'\n'"$report"
[[ $report == *'kernels: '*'elementwise: '*'JDK_JAVA_OPTIONS'*'<argLine>'*'tasks.test'* && $report != *WARNING* ]] ||
    fail "java -jar softgrad.jar printed"$'\n'"$report"
version=$(sed -n 's/^softgrad \(.*\) on Java .*/\1/p' <<<"$report")
printf 'java -jar softgrad.jar\n%s\n\n' "$report"

# --- without a build --------------------------------------------------------------------------------------------------
expect 'java -cp softgrad.jar Program.java' "$jdk/bin/java" -cp "$jar" Program.java
expect 'the same with both options' "$jdk/bin/java" "$access" "$vector" -cp "$jar" Program.java
mkdir -p "$work/.java/.userPrefs" # where jshell keeps its history; not in the user's home
expect 'jshell --class-path softgrad.jar' "$jdk/bin/jshell" -J-Djava.util.prefs.userRoot="$work" \
    --class-path "$jar" "$vector" -R"$access" --feedback silent session.jsh

# --- Kotlin -----------------------------------------------------------------------------------------------------------
maven -f kotlin/pom.xml dependency:build-classpath -Dmdep.outputFile="$work/compiler"
compiler=$(cat "$work/compiler")
stdlib=$(tr ':' '\n' <<<"$compiler" | grep '/kotlin-stdlib-[0-9.]*\.jar$')
kotlinc() {
    "$jdk/bin/java" --enable-native-access=ALL-UNNAMED -cp "$compiler" org.jetbrains.kotlin.cli.jvm.K2JVMCompiler \
        -no-reflect -no-stdlib -jvm-target 25 -jdk-home "$jdk" -cp "$jar:$stdlib" -d "$work/kotlin" "$@" 2>&1
}
messages=$(kotlinc -Werror kotlin/Program.kt) || fail "Kotlin:"$'\n'"$messages"
expect 'Kotlin' "$jdk/bin/java" "$access" -cp "$jar:$work/kotlin:$stdlib" ProgramKt
if messages=$(kotlinc kotlin/Null.kt); then
    fail "Kotlin let a null through"
fi
[[ $messages == *'Null.kt:5'*[Nn]ull* ]] || fail "Kotlin: $messages"
echo "Kotlin refuses a null                  $(grep -o 'error: .*' <<<"$messages" | head -n 1)"

# --- a project that depends on the installed artifact alone; every warning is an error --------------------------------
maven_apart -N -f "$root/pom.xml" install:install-file -Dfile="$root/pom.xml" -DpomFile="$root/pom.xml" -Dpackaging=pom
maven_apart -N -f "$root/pom.xml" install:install-file -Dfile="$jar" -DpomFile="$root/java/pom.xml"
maven_apart -f module/pom.xml -Dsoftgrad.version="$version" -Dreader.build="$work/module" \
    compile dependency:build-classpath -Dmdep.outputFile="$work/dependencies"
dependencies=$(cat "$work/dependencies")
[[ $dependencies =~ ^[^:]*/softgrad-[^:/]*\.jar$ ]] || fail "Softgrad brings others: $dependencies"
printf '%-38s %s\n' 'a project that depends on it alone' "has the class path $(basename "$dependencies")"
expect 'on the class path' "$jdk/bin/java" -cp "$jar:$work/module/classes" reader.Main
expect 'on the module path' "$jdk/bin/java" --enable-native-access=io.github.softgrad -p "$jar:$work/module/classes" \
    -m reader/reader.Main
expect 'on the module path, with vectors' "$jdk/bin/java" --enable-native-access=io.github.softgrad "$vector" \
    -p "$jar:$work/module/classes" -m reader/reader.Main
