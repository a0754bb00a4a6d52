package cambium.demo;

/// One local cell: where it stands in the fleet and on which port its shop answers.
record DemoCell(String name, int ring, int port) {
    String url() {
        return "http://127.0.0.1:" + port;
    }
}
