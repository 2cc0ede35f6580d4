package dev.isolated.postgres;

/** An extension, which only an administrator can create where it is not a trusted one. */
record ExtensionLayer(String name) implements Layer {

    @Override
    public String describe() {
        return "the extension " + name;
    }

    @Override
    public String fingerprint() {
        return "extension " + name;
    }

    @Override
    public void apply(Building building) {
        building.asAdministrator("CREATE EXTENSION IF NOT EXISTS \"" + name.replace("\"", "\"\"") + "\" CASCADE");
    }
}
