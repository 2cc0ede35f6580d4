package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Settings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;
import liquibase.ChecksumVersion;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.resource.ResourceAccessor;
import liquibase.util.LiquibaseUtil;

/** Liquibase's change log, with all that it includes. */
record LiquibaseLayer(String changeLog) implements Layer {

    static LiquibaseLayer of(Settings settings) {
        String named = settings.get(PostgresKeys.LIQUIBASE_CHANGE_LOG);
        return new LiquibaseLayer(
                named.isEmpty() ? Migrations.liquibaseChangeLog().orElse("") : named);
    }

    @Override
    public String describe() {
        return "Liquibase's change log " + changeLog;
    }

    /** Its change sets as Liquibase reads them: a sum of each covers the files to which it refers. */
    @Override
    public String fingerprint() {
        return inScope(() -> {
            ResourceAccessor files = files();
            DatabaseChangeLog log = ChangeLogParserFactory.getInstance()
                    .getParser(changeLog, files)
                    .parse(changeLog, new ChangeLogParameters(), files);
            return "Liquibase " + LiquibaseUtil.getBuildVersion() + "\n"
                    + log.getChangeSets().stream().map(LiquibaseLayer::line).collect(Collectors.joining("\n"));
        });
    }

    private static String line(ChangeSet change) {
        return change.toString(false) + " " + change.generateCheckSum(ChecksumVersion.latest());
    }

    @Override
    public void apply(Building building) {
        inScope(() -> {
            try (Connection connection = building.handle().connection()) {
                var database =
                        DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
                new Liquibase(changeLog, files(), database).update(new Contexts(), new LabelExpression());
            }
            return changeLog;
        });
    }

    private static ResourceAccessor files() {
        return new ClassLoaderResourceAccessor(Resources.loader());
    }

    private interface Work {
        String done() throws LiquibaseException, SQLException;
    }

    private String inScope(Work work) {
        try {
            return Scope.child(Map.of(Scope.Attr.resourceAccessor.name(), files()), work::done);
        } catch (Exception e) {
            throw new IsolationException(
                    Explanation.couldNot("read or apply " + describe())
                            .found(String.valueOf(e.getMessage()))
                            .next("correct it, or " + PostgresKeys.LIQUIBASE_CHANGE_LOG),
                    e);
        }
    }
}
