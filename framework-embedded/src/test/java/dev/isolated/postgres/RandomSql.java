package dev.isolated.postgres;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random statements about two tables, some of which fail. Not thread-safe. */
final class RandomSql {

    static final String[] TABLES = {Sql.TABLE, "create table keyed (id serial primary key, name text not null)"};

    static final String[] CLEAN_UP = {"drop table if exists thing, keyed, extra"};

    private static final int IDS = 12;
    private static final int MANY = 100;

    /** Stands for a word that changes nothing; which one depends on the id, so that seeds go on to mean the same. */
    private static final String SCOPE = "<scope>";

    private static final List<String> SCOPES = List.of("", "local ", "session ");

    private static final List<String> READS = List.of(
            "select id, name from thing order by id",
            "select count(*), max(id) from keyed",
            "select i, repeat('long', 50) from generate_series(1, 3000) i",
            "select null, 1 where exists (select from thing)",
            "select 1; select 2; select 3",
            "show transaction_read_only",
            "show transaction_isolation");

    private static final List<String> WRITES = List.of(
            "insert into thing values (%d)",
            "insert into thing values (%d, null)",
            "insert into thing values (%d, 'named') returning id, name",
            "insert into thing values (%d) on conflict do nothing",
            "insert into thing values (%d); insert into thing values (%d)",
            "insert into keyed (name) values ('k%d') returning id",
            "update thing set id = id + 1 where id >= %d",
            "update thing set name = 'n%d' where id < %d",
            "delete from thing where id = %d",
            "truncate thing",
            "do $$ begin insert into thing values (%d); exception when unique_violation then null; end $$");

    private static final List<String> REPEATABLE = List.of(
            "insert into thing values (%d) on conflict do nothing",
            "update thing set name = 'm%d' where id < %d",
            "delete from thing where id = %d",
            "select 'it''s; %d' as \"a;b\" /* ; */",
            "insert into keyed (name) values ($$m;%d$$)");

    private static final List<String> FAILURES = List.of(
            "select 1/0",
            "nonsense",
            "insert into missing values (%d)",
            "insert into thing values (null)",
            "insert into keyed (name) values (null)",
            "insert into thing values (%d), (%<d)",
            "do $$ begin insert into thing values (%d); perform 1/0; end $$");

    private static final List<String> CONTROL = List.of(
            "begin",
            "commit",
            "rollback",
            "commit and chain",
            "rollback and chain",
            "begin read only",
            "savepoint t",
            "rollback to savepoint t",
            "release t",
            "begin; insert into thing values (%d); commit",
            "insert into thing values (%d); rollback; insert into thing values (%d)",
            "set " + SCOPE + "transaction read only");

    private static final List<String> OTHERS = List.of(
            "deallocate all",
            "lock table thing",
            "declare c cursor for select id from thing order by id",
            "fetch all from c",
            "create table extra (i int)",
            "drop table extra",
            "set local work_mem = '1MB'; show work_mem",
            "insert into keyed (name) values ('l%d'); select lastval()",
            "select lastval()",
            "select currval('keyed_id_seq')",
            "select nextval('keyed_id_seq')",
            "discard sequences",
            "prepare p as select id from thing where id > %d order by id",
            "prepare q (int) as insert into thing values ($1)",
            "execute p",
            "execute q (%d)",
            "prepare p as select %d; execute p; deallocate p",
            "deallocate p",
            "discard all",
            "discard temp",
            "create temp table staged (i int)",
            "create temp table staged as select %d as i; insert into staged values (%d)",
            "select %d as i into temp staged",
            "create temp view seen as select i from staged",
            "insert into staged values (%d)",
            "select i from staged order by i",
            "drop table staged cascade");

    private final Random random;

    RandomSql(Random random) {
        this.random = random;
    }

    int id() {
        return random.nextInt(IDS);
    }

    String read() {
        return pick(READS);
    }

    String write() {
        return pick(WRITES);
    }

    /** Reads, writes or fails. */
    String plain() {
        return switch (random.nextInt(6)) {
            case 0 -> read();
            case 1 -> pick(FAILURES);
            default -> write();
        };
    }

    /** Anything, also several statements in one text. */
    String any() {
        return random.nextInt(4) == 0 ? several() : single();
    }

    /** A text of a hundred statements, perhaps with one among them that is something else. */
    String many() {
        String odd = random.nextInt(3) == 0 ? single() : read();
        int place = random.nextInt(MANY);
        return IntStream.range(0, MANY)
                .mapToObj(i -> i == place ? odd : pick(REPEATABLE))
                .collect(Collectors.joining("; "));
    }

    private String several() {
        return random.ints(2 + random.nextInt(4), 0, 2)
                .mapToObj(kind -> kind == 0 ? write() : single())
                .collect(Collectors.joining("; "));
    }

    private String single() {
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> pick(CONTROL);
            case 3 -> pick(OTHERS);
            default -> plain();
        };
    }

    private String pick(List<String> texts) {
        String text = texts.get(random.nextInt(texts.size()));
        int id = id();
        return String.format(text, id, id()).replace(SCOPE, SCOPES.get(id % SCOPES.size()));
    }
}
