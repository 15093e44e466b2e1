package io.github.softgrad.trust.memory;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.softgrad.Backend;
import io.github.softgrad.trust.Catalogue;
import io.github.softgrad.trust.ChildMachine;
import io.github.softgrad.trust.Tally;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Where heap, memory outside it or stack end in the middle of a call, that call fails, and none after it.
@Tag("trust")
class OutOfMemoryTest {
    private static final long LONGEST_MINUTES = 5;

    @Test
    void aCallThatFindsNoHeapHarmsNoOther() throws Exception {
        try (Tally tally = new Tally("calls in a heap that is full, " + Backend.kernels())) {
            List<String> lines = new ChildMachine(
                            "-XX:+UseSerialGC", "-Xmn1m", "-Xms128m", "-Xmx128m", "-Dsoftgrad.threads=4")
                    .run(LONGEST_MINUTES, OutOfMemoryProgram.class, Tally.nanoseconds(0.015), Tally.seed());
            tally.tried(ChildMachine.number(lines, "calls"));
            long failed = ChildMachine.number(lines, "without memory");
            System.out.println("  calls that found no memory: " + failed);
        }
    }

    @Test
    void whatIsKeptOutsideTheHeapStandsInNobodysWay() throws Exception {
        assumeTrue(Catalogue.isNative(), "only native kernels take memory outside the heap");
        try (Tally tally = new Tally("problems of many sizes with 64 MB outside the heap, " + Backend.kernels())) {
            List<String> lines = new ChildMachine("-Xmx512m", "-XX:MaxDirectMemorySize=64m")
                    .run(LONGEST_MINUTES, OutsideMemoryProgram.class);
            tally.tried(ChildMachine.number(lines, "solved"));
        }
    }

    @Test
    void aCallThatFindsNoStackHarmsNoOther() throws Exception {
        try (Tally tally = new Tally("calls at the end of the stack, " + Backend.kernels())) {
            List<String> lines = new ChildMachine("-Xmx256m", "-Dsoftgrad.threads=4")
                    .run(LONGEST_MINUTES, StackOverflowProgram.class, Tally.nanoseconds(0.01), Tally.seed());
            tally.tried(ChildMachine.number(lines, "calls"));
            long failed = ChildMachine.number(lines, "overflows");
            System.out.println("  calls that found no stack: " + failed);
        }
    }
}
