package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.isolated.contract.Bench;
import dev.isolated.contract.Captured;
import dev.isolated.error.IsolationException;
import dev.isolated.lease.Lease;
import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Nothing that a test sends reaches beyond its own database, whatever client it uses. */
@Tag("long")
@Timeout(90)
class RedisHostilityTest {

    @Nested
    class OnTheBundledServer extends Hostility {
        @Override
        Server start() {
            return RedisServers.bundled();
        }

        @Override
        Server own() {
            return RedisServers.own("bundled").start(List.of());
        }
    }

    @Nested
    class OnTheServerFromThePath extends Hostility {
        @Override
        Server start() {
            return RedisServers.fromPath();
        }

        @Override
        Server own() {
            return RedisServers.own("auto").start(List.of());
        }
    }

    @Nested
    class OnValkey extends Hostility {
        @Override
        Server start() {
            return RedisServers.valkey();
        }

        @Override
        Server own() {
            return RedisServers.own(RedisServers.valkeyProgram()).start(List.of());
        }
    }

    abstract static class Hostility {

        private static final RedisService SERVICE = new RedisService();

        /** How servers of several versions say it, of a command and of one in a script. */
        private static final Pattern REFUSED = Pattern.compile(
                "NOPERM|ACL failure in script|can't run this command|can't publish|not allowed|unknown command.*(FUNCTION|FCALL)");

        abstract Server start();

        /** One to which nobody else connects. */
        abstract Server own();

        @TestFactory
        Stream<DynamicTest> isRefused() {
            Bench<Redis> bench = bench(start());
            return Stream.of(
                            "SELECT 0",
                            "SELECT {other}",
                            "FLUSHALL",
                            "SWAPDB {own} {other}",
                            "MOVE key {other}",
                            "COPY key copied DB {other}",
                            "MIGRATE 127.0.0.1 1 key {other} 10",
                            "CONFIG GET *",
                            "CONFIG SET save 1",
                            "SHUTDOWN NOSAVE",
                            "DEBUG SLEEP 0",
                            "MONITOR",
                            "SYNC",
                            "REPLICAOF NO ONE",
                            "SAVE",
                            "SLOWLOG GET",
                            "MODULE LIST",
                            "CLIENT LIST",
                            "CLIENT KILL TYPE normal",
                            "CLIENT PAUSE 1",
                            "CLIENT TRACKING ON BCAST",
                            "CLIENT UNBLOCK 1",
                            "FUNCTION LIST",
                            "FUNCTION FLUSH",
                            "FCALL anything 0",
                            "SCRIPT FLUSH",
                            "SCRIPT KILL",
                            "ACL LIST",
                            "ACL SETUSER intruder on nopass +@all",
                            "PUBLISH channel message",
                            "SUBSCRIBE channel",
                            "PSUBSCRIBE *",
                            "PUBSUB CHANNELS",
                            "EVAL return~redis.call('select',{other}) 0",
                            "EVAL return~redis.call('flushall') 0",
                            "EVAL return~redis.call('move','key',{other}) 0",
                            "EVAL return~redis.call('copy','key','copied','db',{other}) 0",
                            "EVAL return~redis.call('publish','channel','message') 0")
                    .map(line -> dynamicTest(line, () -> isRefused(bench, line)))
                    .onClose(bench::close);
        }

        private void isRefused(Bench<Redis> bench, String line) throws Exception {
            try (Lease<Redis> attacker = bench.pool().lease("the attacker");
                    Lease<Redis> victim = bench.pool().lease("the victim")) {
                victim.handle().sync().set("key", "of the victim");
                attacker.handle().sync().set("key", "of the attacker");

                String[] words = words(line, attacker.handle(), victim.handle());
                try (Jedis jedis = jedis(attacker.handle())) {
                    assertThat(outcome(jedis, words)).containsPattern(REFUSED);
                }
                try (Jedis jedis = jedis(attacker.handle())) {
                    assertThat(outcome(jedis, "MULTI")).isEqualTo("OK");
                    assertThat(outcome(jedis, words) + outcome(jedis, "EXEC")).containsPattern(REFUSED);
                }
                assertThat(victim.handle().sync().get("key")).isEqualTo("of the victim");
                assertThat(victim.handle().sync().dbsize()).isEqualTo(1);
            }
        }

        /** What a script leaves in the interpreter, another test's would run with that one's rights. */
        @TestFactory
        Stream<DynamicTest> scriptsLeaveNothingInTheInterpreter() {
            Bench<Redis> bench = bench(start());
            return Stream.of(
                            "getmetatable('').__index = function(s, k) {inject} return string[k] end",
                            "getmetatable('').__concat = function() {inject} return '' end",
                            "setfenv(0, setmetatable({ tostring = function() {inject} end }, { __index = _G }))",
                            "setfenv(__redis__err__handler, { type = function() {inject} end })",
                            "getmetatable(newproxy(true)).__gc = function() {inject} end",
                            "getmetatable(_G).__index = function() {inject} end",
                            "setmetatable(_G, { __index = function() {inject} end })",
                            "rawset(_G, 'tostring', function() {inject} end)",
                            "tostring = function() {inject} end",
                            "string.upper = function() {inject} end",
                            "table.concat = function() {inject} end",
                            "math.floor = function() {inject} end",
                            "bit.tohex = function() {inject} end",
                            "struct.pack = function() {inject} end",
                            "cmsgpack.pack = function() {inject} end",
                            "cjson.encode = function() {inject} end",
                            "redis.call = function() {inject} end",
                            "server.call = function() {inject} end")
                    .map(script -> dynamicTest(script, () -> leavesNothing(bench, script)))
                    .onClose(bench::close);
        }

        private void leavesNothing(Bench<Redis> bench, String script) throws Exception {
            String left = "local call = redis.call "
                    + script.replace("{inject}", "call('set', 'injected', call('get', 'secret') or '')");
            String used = """
                    collectgarbage()
                    local wrong, reason = pcall(function() return nothing.there end)
                    return redis.call('get', 'secret') .. ('abc'):upper() .. tostring(wrong) .. table.concat({ 1 })
                        .. math.floor(1.5) .. bit.tohex(1, 1) .. struct.pack('B', 65) .. #cmsgpack.pack(1)
                        .. cjson.encode({ 1 })""";
            try (Lease<Redis> attacker = bench.pool().lease("the attacker");
                    Lease<Redis> victim = bench.pool().lease("the victim");
                    Jedis attacking = jedis(attacker.handle());
                    Jedis attacked = jedis(victim.handle())) {
                victim.handle().sync().set("secret", "of the victim ");
                for (int i = 0; i < 3; i++) {
                    outcome(attacking, "EVAL", left, "0");
                }
                assertThat(outcome(attacked, "EVAL", used, "0")).isEqualTo("of the victim ABCfalse111A1[1]");
                assertThat(outcome(attacked, "EVAL", "error('its own')", "0")).contains("its own");
                assertThat(victim.handle().sync().keys("*")).containsExactly("secret");
            }
        }

        @Test
        void whatAnAdministratorFlushesOfTheInterpreterIsSealedAgain() throws Exception {
            try (Server server = own();
                    Bench<Redis> bench = bench(server);
                    Lease<Redis> lease = bench.pool().lease("ScriptTest.runs")) {
                var probe = new RedisProbe(server);
                String flushed = probe.asAdministrator(0, redis -> redis.scriptFlush());
                assertThat(flushed).isEqualTo("OK");
                String open =
                        "return pcall(function() getmetatable('').none = nil end) or rawget(_G, 'setfenv') ~= nil";
                await().until(() -> {
                    Boolean still = lease.handle().sync().eval(open, ScriptOutputType.BOOLEAN);
                    return !still;
                });
            }
        }

        /** They hold for all scripts of a server, so concurrent tests have them in common. */
        @Test
        void settingsOfCjsonEndWithTheTestThatMadeThem() throws Exception {
            String settings = """
                    cjson.encode_max_depth(1) cjson.decode_max_depth(1) cjson.encode_sparse_array(true, 1, 1)
                    cjson.encode_number_precision(3) cjson.encode_keep_buffer(false)
                    cjson.encode_invalid_numbers(true) cjson.decode_invalid_numbers(false)""";
            String told = """
                    local told = {}
                    for name, setting in pairs(cjson) do
                      if string.find(name, '_') and type(setting) == 'function' then
                        for i, value in ipairs({ setting() }) do told[#told + 1] = name .. i .. tostring(value) end
                      end
                    end
                    table.sort(told)
                    return table.concat(told, ' ')""";
            try (Server server = own();
                    Slices<Redis> slices = SERVICE.connect(server, plan(Bench.newRun()))) {
                Slice<Redis> slice = slices.create(1);
                String before = told(slice, told);
                slice.handOut(new Tenant("SettingTest.sets")).sync().eval(settings, ScriptOutputType.STATUS);
                slice.reset();
                slice.awaitReset();
                assertThat(told(slice, told)).isEqualTo(before).contains("encode_max_depth11000");
                slice.destroy();
            }
        }

        private static String told(Slice<Redis> slice, String script) {
            String told = slice.handOut(new Tenant("SettingTest.looks")).sync().eval(script, ScriptOutputType.VALUE);
            slice.reset();
            slice.awaitReset();
            return told;
        }

        @Test
        void aClientThatReconnectsForeverNeverWritesIntoTheNextTest() throws Exception {
            try (Server server = start();
                    Bench<Redis> bench = bench(server)) {
                RedisClient leaked;
                StatefulRedisConnection<String, String> connection;
                int database;
                try (Lease<Redis> lease = bench.pool().lease("the forgetful")) {
                    database = lease.handle().database();
                    leaked = RedisClient.create(lease.handle().uri());
                    connection = leaked.connect();
                    connection.sync().set("key", "in time");
                }
                connection.setTimeout(Duration.ofSeconds(1));
                boolean seenAgain = false;
                for (int i = 0; i < 20; i++) {
                    try (Lease<Redis> next = bench.pool().lease("the next " + i)) {
                        seenAgain |= next.handle().database() == database;
                        var unused = connection.async().set("late", "too late");
                        assertThat(next.handle().sync().keys("*")).isEmpty();
                    }
                }
                assertThat(seenAgain).as("that the number was leased again").isTrue();
                assertThatThrownBy(() -> connection.sync().set("late", "too late"))
                        .isInstanceOf(RedisException.class);
                leaked.shutdown();
            }
        }

        @Test
        void thePasswordOfAnEndedTestOpensNothing() throws Exception {
            try (Server server = start();
                    Bench<Redis> bench = bench(server)) {
                Lease<Redis> ended = bench.pool().lease("the ended");
                Redis old = ended.handle();
                HostAndPort address = address(old);
                DefaultJedisClientConfig login = login(old, old.database());
                new Jedis(address, login).close();
                ended.close();
                // Until the reset has arrived, who gets in is cut off.
                await().untilAsserted(() -> assertThatThrownBy(() -> {
                            try (Jedis late = new Jedis(address, login)) {
                                late.ping();
                            }
                        })
                        .isInstanceOf(JedisException.class)
                        .hasMessageContaining("WRONGPASS"));
            }
        }

        @Test
        void channelsAreRefusedWithAReason() throws Exception {
            try (Server server = start();
                    Bench<Redis> bench = bench(server);
                    Lease<Redis> lease = bench.pool().lease("ChannelTest.publishes")) {
                Redis redis = lease.handle();
                for (ThrowingCallable publishing : List.<ThrowingCallable>of(
                        () -> redis.sync().publish("channel", "message"),
                        () -> redis.reactive().publish("channel", "message").block())) {
                    assertThatThrownBy(publishing)
                            .isInstanceOf(IsolationException.class)
                            .hasMessageContaining("Could not send PUBLISH for ChannelTest.publishes")
                            .hasMessageContaining("which a server's databases have in common")
                            .hasMessageContaining("@Isolated(mode = \"SERVER\")");
                }
            }
        }

        @Test
        void evidenceTellsKeysClientsAndRefusalsWithoutThePassword() throws Exception {
            try (Server server = start();
                    Slices<Redis> slices = SERVICE.connect(server, plan("55555555"))) {
                Slice<Redis> slice = slices.create(1);
                Redis redis = slice.handOut(new Tenant("the failed"));
                redis.sync().hset("cart", "tea", "2");
                redis.sync().set("session", "x".repeat(10_000), SetArgs.Builder.ex(60));
                redis.sync().xadd("events", "event", "shipped");
                try (Jedis jedis = jedis(redis)) {
                    assertThat(outcome(jedis, "FLUSHALL")).contains("NOPERM");
                }
                redis.sync().get("session");

                List<Evidence> told = slice.evidence();
                assertThat(told).hasSize(4);
                assertThat(told.get(0).text()).isEqualTo("HSET, SET, XADD, GET");
                assertThat(told.get(1).text())
                        .contains("3 keys", "cart: hash", "tea 2", "session: string", "expires in ", "event shipped")
                        .doesNotContain("expires in -1")
                        .hasSizeLessThan(2_000);
                assertThat(told.get(2).text()).contains("cmd=get");
                assertThat(told.get(3).text())
                        .startsWith("about other databases, which are other tests'; @Isolated(mode = \"SERVER\") gives"
                                + " the test a server of its own: [")
                        .contains("flushall");
                assertThat(told.toString()).doesNotContain(redis.password().reveal());
                slice.destroy();
            }
        }

        @Test
        void whatAnEarlierTestWasRefusedIsNotToldOfTheNextOne() throws Exception {
            try (Server server = start();
                    Slices<Redis> slices = SERVICE.connect(server, plan(Bench.newRun()))) {
                Slice<Redis> slice = slices.create(1);
                Redis earlier = slice.handOut(new Tenant("EarlierTest.flushes"));
                DefaultJedisClientConfig old = login(earlier, earlier.database());
                try (Jedis jedis = jedis(earlier)) {
                    assertThat(outcome(jedis, "FLUSHALL")).contains("NOPERM");
                }
                slice.reset();
                slice.awaitReset();
                assertThatThrownBy(() -> new Jedis(address(earlier), old).close())
                        .hasMessageContaining("WRONGPASS");
                await().until(() -> secondsSinceTheLastRefusal(server) > 1);

                Redis later = slice.handOut(new Tenant("LaterTest.configures"));
                assertThat(later.user()).isEqualTo(earlier.user());
                assertThat(refusals(slice)).isEmpty();
                try (Jedis jedis = jedis(later)) {
                    assertThat(outcome(jedis, "CONFIG", "GET", "*")).contains("NOPERM");
                }
                assertThat(refusals(slice))
                        .startsWith("about the server, which other tests use; ")
                        .contains("config")
                        .doesNotContain("flushall", "an earlier one left");
                assertThatThrownBy(() -> new Jedis(address(earlier), old).close())
                        .hasMessageContaining("WRONGPASS");
                assertThat(refusals(slice))
                        .contains(
                                "config",
                                "with a password that is not this test's, as clients have that an earlier one left")
                        .doesNotContain("flushall");
                slice.destroy();
            }
        }

        /** By the server's clock, which is not known better than a question takes. */
        private static double secondsSinceTheLastRefusal(Server server) {
            List<Map<String, Object>> last = new RedisProbe(server).asAdministrator(0, redis -> redis.aclLog(1));
            return Double.parseDouble(String.valueOf(last.get(0).get("age-seconds")));
        }

        private static String refusals(Slice<Redis> slice) {
            return slice.evidence().stream()
                    .filter(it -> it.title().equals("what the server has refused"))
                    .map(Evidence::text)
                    .findFirst()
                    .orElseThrow();
        }

        @Test
        void whatAClientWithoutANumberWritesIsRemovedAndTold() throws Exception {
            try (Server server = start();
                    Bench<Redis> bench = bench(server);
                    var captured = new Captured("dev.isolated.redis")) {
                try (Lease<Redis> lease = bench.pool().lease("AstrayTest.selectsNothing");
                        Jedis jedis = jedis(lease.handle(), 0)) {
                    jedis.set("key", "in database 0");
                }
                await().until(() -> {
                    bench.pool().lease("the next").close();
                    return !captured.lines(Level.WARNING).isEmpty();
                });
                assertThat(captured.lines(Level.WARNING))
                        .anyMatch(line -> line.contains("1 keys were in database 0")
                                && line.contains("AstrayTest.selectsNothing")
                                && line.contains("Redis.database()"));
                Long left = new RedisProbe(server).asAdministrator(0, redis -> redis.dbsize());
                assertThat(left).isZero();
            }
        }

        @Test
        void aClientThatResetsItselfIsNobody() throws Exception {
            try (Server server = start();
                    Bench<Redis> bench = bench(server);
                    Lease<Redis> lease = bench.pool().lease("the changeling");
                    Jedis jedis = jedis(lease.handle())) {
                assertThat(outcome(jedis, "RESET")).isEqualTo("RESET");
                assertThat(outcome(jedis, "GET", "key")).contains("NOAUTH");
            }
        }

        @Test
        void aRunThatStoodStillLearnsThatItsNumberIsAnothers() throws Exception {
            try (Server server = start();
                    Slices<Redis> late = SERVICE.connect(server, plan("33333333"));
                    Slices<Redis> other = SERVICE.connect(server, plan("44444444"))) {
                Slice<Redis> slice = late.create(1);
                Redis handle = slice.handOut(new Tenant("PausedTest.standsStill"));
                handle.sync().set("key", "before");
                await().until(() -> isInherited(server, "33333333", other));

                assertThatThrownBy(() -> handle.client().connect()).isInstanceOf(RedisException.class);
                assertThatThrownBy(slice::reset)
                        .isInstanceOf(IsolationException.class)
                        .hasMessageContaining("after PausedTest.standsStill")
                        .hasMessageContaining("stood still for more than 8 s");
                slice.destroy();
            }
        }

        /** Whether nothing is a run's any more; it lives, and may show so between the end of its sign of life and the look. */
        private static boolean isInherited(Server server, String run, Slices<Redis> heir) {
            var probe = new RedisProbe(server);
            probe.inRegistry(redis -> redis.del(RedisProbe.signOfLife(run)));
            heir.leftovers().forEach(it -> it.remove());
            return heir.leftovers().isEmpty() && probe.owners().noneMatch(it -> it.startsWith(run));
        }

        @Test
        void aConnectionThatIsLeftOpenIsReported() throws Exception {
            try (Server server = start();
                    Bench<Redis> bench = bench(server)) {
                Lease<Redis> lease = bench.pool().lease("ForgetfulTest.leavesItOpen");
                lease.handle().sync().ping();
                lease.handle().client().connect().close();
                assertThat(lease.handle().client().connect().sync().ping()).isEqualTo("PONG");
                lease.close();
                assertThat(lease.findings())
                        .singleElement()
                        .asString()
                        .startsWith("a connection opened with Redis.client()\n\tat " + Hostility.class.getName())
                        .contains("aConnectionThatIsLeftOpenIsReported");
            }
        }

        @Test
        void aLentConnectionIsDeadWithItsTestAndServesTheNext() throws Exception {
            try (Server server = start();
                    Bench<Redis> bench = bench(server)) {
                StatefulRedisConnection<String, String> old;
                Long first;
                try (Lease<Redis> lease = bench.pool().lease("FirstTest.borrows")) {
                    old = lease.handle().connection();
                    first = old.sync().clientId();
                    old.sync().set("key", "of the first");
                }
                // What a test asks of its connection itself has it replaced, so that nothing of that can stay.
                Long second = idAfterPlainUse(bench);
                assertThat(second).isNotEqualTo(first);
                try (Lease<Redis> next = bench.pool().lease("NextTest.borrows")) {
                    assertThatThrownBy(() -> old.sync().set("key", "too late"))
                            .hasMessageContaining("FirstTest.borrows")
                            .hasMessageContaining("the test has ended");
                    assertThat(next.handle().sync().keys("*")).isEmpty();
                }
            }
        }

        private static Long idAfterPlainUse(Bench<Redis> bench) {
            try (Lease<Redis> plain = bench.pool().lease("PlainTest.writes")) {
                plain.handle().sync().set("key", "value");
                return plain.handle().sync().clientId();
            }
        }

        /** The driver hands out one in some thousands before it takes commands, most often on a busy machine. */
        @Test
        void aConnectionThatReplacesAnotherTakesItsFirstCommand() {
            try (Server server = start();
                    Slices<Redis> slices = SERVICE.connect(server, plan(Bench.newRun()))) {
                Slice<Redis> slice = slices.create(1);
                for (int i = 0; i < 500; i++) {
                    Redis redis = slice.handOut(new Tenant("SpoilingTest.spoils " + i));
                    assertThat(redis.sync().ping()).isEqualTo("PONG");
                    assertThat(redis.sync().watch("key")).isEqualTo("OK");
                    slice.reset();
                    slice.awaitReset();
                }
                slice.destroy();
            }
        }

        @Test
        void plainCommandsCostTheNextTestNoConnection() throws Exception {
            try (Server server = own();
                    Bench<Redis> bench = bench(server)) {
                try (Lease<Redis> one = bench.pool().lease("one");
                        Lease<Redis> other = bench.pool().lease("other")) {
                    assertThat(one.handle().database())
                            .isNotEqualTo(other.handle().database());
                }
                long before = connections(server);
                for (int i = 0; i < 50; i++) {
                    try (Lease<Redis> lease = bench.pool().lease("PlainTest.writes " + i)) {
                        lease.handle().sync().set("key", "value");
                    }
                }
                assertThat(connections(server) - before)
                        .as("connections made for 50 tests, beside the one that counts")
                        .isEqualTo(1);
            }
        }

        /** The run's signs of life are commands, too, and far fewer. */
        @Test
        void handingOutSendsTheServerNothing() throws Exception {
            int tests = 2_000;
            try (Server server = own();
                    Slices<Redis> slices = SERVICE.connect(server, plan(Bench.newRun()))) {
                Slice<Redis> slice = slices.create(1);
                long before = counted(server, "total_commands_processed:");
                for (int i = 0; i < tests; i++) {
                    slice.handOut(new Tenant("IdleTest.sendsNothing " + i));
                    slice.reset();
                    slice.awaitReset();
                }
                assertThat(counted(server, "total_commands_processed:") - before)
                        .as("commands for %s tests that send none", tests)
                        .isLessThan(tests / 2);
                slice.destroy();
            }
        }

        private static long connections(Server server) {
            return counted(server, "total_connections_received:");
        }

        private static long counted(Server server, String statistic) {
            String stats = new RedisProbe(server).asAdministrator(0, redis -> redis.info("stats"));
            return stats.lines()
                    .filter(line -> line.startsWith(statistic))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                    .findFirst()
                    .orElseThrow();
        }

        private static Plan plan(String run) {
            return new Plan(RedisService.DATABASE, List.of(), Settings.builder().build(), run);
        }

        private static Bench<Redis> bench(Server server) {
            Settings settings = Settings.builder()
                    .layer("test", Map.of("isolated.environments.max", "2", "isolated.lease.warm", "1"))
                    .build();
            return Bench.open(SERVICE, server, RedisService.DATABASE, settings);
        }

        private static Jedis jedis(Redis redis) {
            return jedis(redis, redis.database());
        }

        private static Jedis jedis(Redis redis, int database) {
            return new Jedis(address(redis), login(redis, database));
        }

        private static HostAndPort address(Redis redis) {
            return new HostAndPort(redis.host(), redis.port());
        }

        private static DefaultJedisClientConfig login(Redis redis, int database) {
            return DefaultJedisClientConfig.builder()
                    .user(redis.user())
                    .password(redis.password().reveal())
                    .database(database)
                    .build();
        }

        private static String[] words(String line, Redis own, Redis other) {
            return Stream.of(line.split(" "))
                    .map(word -> word.replace('~', ' ')
                            .replace("{own}", Integer.toString(own.database()))
                            .replace("{other}", Integer.toString(other.database())))
                    .toArray(String[]::new);
        }

        /** What the server answers, be it an error. */
        private static String outcome(Jedis jedis, String... words) {
            String[] arguments = Stream.of(words).skip(1).toArray(String[]::new);
            try {
                Object answer = jedis.sendCommand(() -> words[0].getBytes(StandardCharsets.UTF_8), arguments);
                return answer instanceof byte[] text
                        ? new String(text, StandardCharsets.UTF_8)
                        : String.valueOf(answer);
            } catch (JedisDataException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }
}
