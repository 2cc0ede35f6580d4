package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Refuses definitions by which the engine would reach, later and by itself, what a test may not: dictionaries, mutations,
 * refreshes and background writes have all rights, so that what they will do has to be seen in the statement. What is not
 * known to be harmless is refused. Immutable.
 */
final class Definitions {

    /** Functions that stand for a table and make it of nothing but what they are given. */
    private static final Set<String> HARMLESS = Set.of(
            "numbers",
            "numbers_mt",
            "zeros",
            "zeros_mt",
            "primes",
            "generateSeries",
            "generate_series",
            "generateRandom",
            "values",
            "SQLStandardValues",
            "null",
            "format",
            "input",
            "view");

    /** Those that name what they read; that is looked at where they are told it as it is. */
    private static final Set<String> NAMING = Set.of("merge", "dictionary");

    /** How they are told it otherwise. */
    private static final Pattern COMPUTED = Pattern.compile(
            "(?<!ENGINE = )\\b(?:merge|dictionary|joinGet\\w*|dict(?:Get|Has|Is)\\w*)\\((?!'[^']*'[,)])",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern ENGINE = Pattern.compile("\\bENGINE = (\\w+)(\\([^()]*(?:\\(\\)[^()]*)*\\)?)?");
    private static final Pattern ENGINES = Pattern.compile(
            "\\w*MergeTree|Memory|Log|StripeLog|TinyLog|Null|Set|Join|GenerateRandom|TimeSeries|WindowView|Atomic|Ordinary"
                    + "|Buffer|Merge|Alias|Dictionary");

    /** What engines that use other tables are told about them. */
    private static final Pattern REFERRING = Pattern.compile("Buffer|Merge|Alias|Dictionary");

    private static final Pattern PLAIN = Pattern.compile("\\((?:'[^']*'|currentDatabase\\(\\)|[\\w.]+|, )*\\)");
    private static final Pattern MERGE =
            Pattern.compile("(?:\\bENGINE = Merge|\\bmerge)\\((?:'?(\\w+)'?, |(currentDatabase\\(\\)), )?");

    /** The tables of runs are called so: in a database of a test's own, which is looked at, there may be another. */
    private static final Pattern OF_OTHERS = Pattern.compile(
            "\\bisolated\\b\\.|'isolated'|(?<!isolated_\\d{5}_\\w{0,200}\\.)\\bisolated_runs\\b|isolated_\\d{5}_");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+):\\s*Identifier\\}");
    private static final Pattern SOURCE = Pattern.compile("\\bSOURCE\\((\\w+)\\(", Pattern.CASE_INSENSITIVE);
    private static final Pattern OWN_SOURCE = Pattern.compile(
            "\\bSOURCE\\(CLICKHOUSE\\((?:(?:DB|DATABASE) '(\\w+)' TABLE '\\w*'|TABLE '\\w*' (?:DB|DATABASE) '(\\w+)')\\)\\)",
            Pattern.CASE_INSENSITIVE);

    private final CompletableFuture<Pattern> harmful;

    /** On an engine, of which it asks what it must know once that runs. */
    Definitions(Inquiry inquiry) {
        harmful = inquiry.ask(Definitions::harmful);
    }

    private static Pattern harmful(EngineConnection engine) throws EngineException {
        var names = new TreeSet<>(
                engine.ask("SELECT name FROM system.table_functions").lines().toList());
        names.removeAll(HARMLESS);
        names.removeAll(NAMING);
        return Pattern.compile(
                "(?<!ENGINE = )\\b(?:" + names.stream().map(Pattern::quote).collect(Collectors.joining("|")) + ")\\(",
                Pattern.CASE_INSENSITIVE);
    }

    /** Fails where a statement that makes or changes something may not be run. */
    void require(Account account, Request request, Canonical statement, EngineConnection connection)
            throws EngineException {
        requireNoDefiner(account, statement);
        requireSources(account, statement);
        requireOwnNames(account, request, statement);
        requireEngines(account, statement);
        Matcher function = harmful.join().matcher(statement.code());
        if (function.find()) {
            throw denied(account, function.group() + ") in a definition, by which it would be read with all rights");
        }
        Matcher computed = COMPUTED.matcher(statement.code());
        if (computed.find()) {
            throw denied(account, computed.group() + ") of anything but a name in quotes, in a definition");
        }
        requireMerging(account, statement, connection);
    }

    private static void requireNoDefiner(Account account, Canonical statement) throws EngineException {
        if (statement.says("SQL SECURITY DEFINER")) {
            throw denied(
                    account, "SQL SECURITY DEFINER: it has one user, whose rights a definer would have; use INVOKER");
        }
    }

    /** Nothing is about what is not the test's, nor would be by a name that is told apart from the statement. */
    private static void requireOwnNames(Account account, Request request, Canonical statement) throws EngineException {
        requireOwnNames(account, statement.text());
        Matcher placeholder = statement.matcher(PLACEHOLDER);
        while (placeholder.find()) {
            Map<String, String> parameters = request.parameters();
            String value = Optional.ofNullable(parameters.get("param_" + placeholder.group(1)))
                    .orElse("");
            if (value.isEmpty() || statement.says(" VIEW ")) {
                throw denied(
                        account,
                        placeholder.group()
                                + " in a view, or without a value in the same request: the name has to be seen");
            }
            requireOwnNames(account, value + ".");
        }
    }

    private static void requireOwnNames(Account account, String text) throws EngineException {
        Matcher name = OF_OTHERS.matcher(text);
        while (name.find()) {
            if (!name.group().equals(account.prefix())) {
                throw denied(account, "a definition or a change that names " + name.group() + ", which is not its own");
            }
        }
    }

    private static void requireSources(Account account, Canonical statement) throws EngineException {
        Matcher source = SOURCE.matcher(statement.code());
        while (source.find()) {
            boolean allowed = switch (source.group(1).toUpperCase(Locale.ROOT)) {
                case "NULL" -> true;
                case "CLICKHOUSE" -> isOwn(account, statement.code(), source.start());
                default -> false;
            };
            if (!allowed) {
                throw denied(
                        account,
                        "a dictionary but of tables of the test's own database, by DB and TABLE alone, or of SOURCE(NULL());"
                                + " found "
                                + statement.code().substring(source.start()));
            }
        }
    }

    private static boolean isOwn(Account account, String code, int start) {
        Matcher own = OWN_SOURCE.matcher(code).region(start, code.length());
        return own.lookingAt()
                && Optional.ofNullable(own.group(1)).orElse(own.group(2)).startsWith(account.prefix());
    }

    private static void requireEngines(Account account, Canonical statement) throws EngineException {
        Matcher engine = ENGINE.matcher(statement.code());
        while (engine.find()) {
            String name = engine.group(1);
            String told = Optional.ofNullable(engine.group(2)).orElse("");
            if (!ENGINES.matcher(name).matches()) {
                throw denied(account, "ENGINE = " + name + ", which keeps what it has elsewhere");
            }
            if (REFERRING.matcher(name).matches() && !PLAIN.matcher(told).matches()) {
                throw denied(account, "ENGINE = " + name + " of anything but names; found " + told);
            }
        }
    }

    /** Which tables are merged the engine finds out anew each time, so the database must be the test's. */
    private static void requireMerging(Account account, Canonical statement, EngineConnection connection)
            throws EngineException {
        Matcher merge = MERGE.matcher(statement.code());
        while (merge.find()) {
            String database = merge.group(1);
            if (merge.group(2) != null && merge.group().startsWith("ENGINE")) {
                // The engine writes down which one that is.
                database = connection.ask("SELECT currentDatabase()");
            }
            if (database == null || !database.startsWith(account.prefix())) {
                throw denied(
                        account,
                        "to merge tables but of a database of the test's own, by its name, in a definition; found "
                                + merge.group());
            }
        }
    }

    private static EngineException denied(Account account, String what) {
        return EngineException.denied(account.name() + ": Not enough privileges. The embedded engine does not allow "
                + what + ". See docs/clickhouse.md");
    }
}
