package dev.isolated.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file is by its first bytes, whatever its name and its rights say. */
enum FileKind {
    PROGRAM,
    LIBRARY,
    OTHER;

    private static final int HEAD = 32;

    private static final int SCRIPT = 0x2123;

    private static final int ELF = 0x464c_457f;
    private static final int ELF_TYPE_AT = 16;
    private static final int ELF_ENTRY_AT = 24;
    private static final int ELF_FIXED = 2;
    private static final int ELF_MOVABLE = 3;

    private static final int MACH_O = 0xfeed_facf;
    private static final int MACH_O_TYPE_AT = 12;
    private static final int MACH_O_PROGRAM = 2;
    private static final int MACH_O_LIBRARY = 6;

    static FileKind of(Path file) {
        if (!Files.isRegularFile(file)) {
            return OTHER;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return of(ByteBuffer.wrap(in.readNBytes(HEAD)).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, "{0} cannot be read: {1}", file, e);
            return OTHER;
        }
    }

    private static FileKind of(ByteBuffer head) {
        if (head.remaining() >= Short.BYTES && head.getShort(0) == SCRIPT) {
            return PROGRAM;
        }
        if (head.remaining() < HEAD) {
            return OTHER;
        }
        return switch (head.getInt(0)) {
            case ELF -> ofElf(head.getShort(ELF_TYPE_AT), head.getLong(ELF_ENTRY_AT));
            case MACH_O -> ofMachO(head.getInt(MACH_O_TYPE_AT));
            default -> OTHER;
        };
    }

    /** What can be put anywhere in memory is a program where it says what to begin with. */
    private static FileKind ofElf(int type, long entry) {
        return switch (type) {
            case ELF_FIXED -> PROGRAM;
            case ELF_MOVABLE -> entry == 0 ? LIBRARY : PROGRAM;
            default -> OTHER;
        };
    }

    private static FileKind ofMachO(int type) {
        return switch (type) {
            case MACH_O_PROGRAM -> PROGRAM;
            case MACH_O_LIBRARY -> LIBRARY;
            default -> OTHER;
        };
    }
}
