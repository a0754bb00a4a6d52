package cambium.server.fleet.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.CellDriverContract;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.DriverFolders;
import cambium.server.fleet.handover.DriverSpec;
import cambium.server.fleet.handover.HandoverDriver;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.Technology;
import cambium.server.sql.Database;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestCertificate;
import cambium.server.testing.TestDatabase;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against the API of a mock server that keeps what it is given; the Job controller is played.
class KubernetesCellDriverTest extends CellDriverContract {
    @TempDir
    private Path drivers;
    private final Database database = TestDatabase.fresh();
    private PlayedApiServer cluster;

    @BeforeEach
    void begin() throws Exception {
        cluster = new PlayedApiServer();
        for (var name : List.of("works", "breaks", "waits")) {
            write(name, "kind: kubernetes\nnamespace: " + PlayedApiServer.NAMESPACE + "\n");
        }
        write("absent", "kind: kubernetes\nnamespaces: nonsense\n");
    }

    /// A step never holds up the one who asks how it is.
    @AfterEach
    void end() throws Exception {
        cluster.close();
        assertEquals(List.of(), cluster.watches());
        database.close();
    }

    private void write(String name, String yaml) throws IOException {
        var folder = Files.createDirectories(drivers.resolve(name));
        Files.writeString(folder.resolve("driver.yaml"), yaml);
        Files.writeString(folder.resolve("job.yaml"), """
                apiVersion: batch/v1
                kind: Job
                metadata: {namespace: kube-system, name: chosen-by-the-file}
                spec:
                  backoffLimit: 6
                  template:
                    spec:
                      restartPolicy: OnFailure
                      containers:
                        - {name: step, image: %s, env: [{name: OWN, value: kept}]}
                """.formatted(name));
    }

    private Handovers handovers() {
        return new Handovers(database, InstantSource.system());
    }

    @Override
    protected CellDriver open() {
        return new KubernetesCellDriver(handovers(), new DriverFolders(drivers), new Clusters() {
            @Override
            KubernetesClient connect(Path folder, DriverSpec.Kubernetes spec) {
                return cluster.client();
            }
        }, new Silence(Silence.REST), InstantSource.system());
    }

    @Override
    protected int runs(AttemptId attempt) {
        return cluster.runs(attempt);
    }

    @Override
    protected void releaseWaiting() {
        cluster.release();
    }

    @Override
    protected String kindTold(AttemptId attempt) {
        return cluster.jobs().getFirst().getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
                .filter(each -> each.getName().equals("CAMBIUM_KIND")).findFirst().orElseThrow().getValue();
    }

    /// What ended stays for an hour, for people to look at; the cluster then clears it away.
    @Override
    protected List<String> leftBehind(AttemptId attempt) {
        return cluster.jobs().stream().filter(job -> AttemptJob.belongsTo(job, attempt))
                .filter(job -> job.getSpec().getTtlSecondsAfterFinished() != AttemptJob.KEPT_SECONDS
                        || AttemptJob.result(job, "").isEmpty())
                .map(job -> job.getMetadata().getName()).toList();
    }

    @Test
    void theJobIsTheAdministratorsAndTheOrderStandsInItsEnvironmentAlone() throws Exception {
        var driver = open();
        driver.start(order(ATTEMPT, "works"));
        end(driver, ATTEMPT);
        var job = cluster.jobs().getFirst();
        assertEquals(PlayedApiServer.NAMESPACE, job.getMetadata().getNamespace());
        assertEquals(AttemptJob.name(ATTEMPT), job.getMetadata().getName());
        assertEquals(0, job.getSpec().getBackoffLimit());
        assertEquals(60, job.getSpec().getActiveDeadlineSeconds());
        assertEquals("5", job.getMetadata().getAnnotations().get(AttemptJob.EPOCH));
        var pod = job.getSpec().getTemplate().getSpec();
        assertEquals("Never", pod.getRestartPolicy());
        var environment = pod.getContainers().getFirst().getEnv().stream()
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
        assertEquals("kept", environment.get("OWN"));
        assertEquals("9101; rm -rf $HOME", environment.get("CAMBIUM_SETTING_LISTEN_PORT"));
        assertEquals(ATTEMPT.toString(), environment.get("CAMBIUM_ATTEMPT"));
        assertFalse(environment.containsKey("HOME"));
    }

    @Test
    void theDriverOfTheExampleIsAFitOne() throws Exception {
        var example = Path.of("../deploy/example/kubernetes/drivers");
        var known = assertInstanceOf(DriverFolders.Named.Known.class, new DriverFolders(example).named("prod-eu"));
        var spec = assertInstanceOf(DriverSpec.Kubernetes.class, known.spec());
        assertEquals(Optional.empty(), spec.namespaceOf(Map.of("namespace", "kube-system")), "not one of the driver's");
        assertEquals(Optional.of("storefront"), spec.namespaceOf(Map.of()));
        try (var client = cluster.client(); var in = Files.newInputStream(known.folder().resolve(spec.job()))) {
            var job = client.getKubernetesSerialization().unmarshal(in, Job.class);
            assertEquals("deploy", AttemptJob.of(job, order(ATTEMPT, "prod-eu")).getSpec().getTemplate().getSpec()
                    .getContainers().getFirst().getEnv().stream().filter(each -> each.getName().equals("CAMBIUM_STEP"))
                    .findFirst().orElseThrow().getValue());
        }
    }

    /// One that takes connections and says nothing is waited for once, however many cells it has.
    @Test
    void aClusterThatHangsHoldsUpNobodyButOnce() throws Exception {
        try (var hangs = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
                var clusters = new Clusters()) {
            far("http://127.0.0.1:" + hangs.getLocalPort(), "");
            var driver = driver(clusters, Silence.REST);
            assertThrows(KubernetesClientException.class, () -> driver.start(order(ATTEMPT, "far")));
            var again = assertThrows(KubernetesClientException.class, () -> driver.start(order(ATTEMPT, "far")));
            assertTrue(again.getMessage().contains("said nothing when it was asked last"), again.getMessage());
            var looked = driver.progress(List.of(ATTEMPT)).get(ATTEMPT);
            assertTrue(looked instanceof CellDriver.Look.Silent(var why) && why.contains("said nothing"),
                    looked.toString());
            assertEquals(1, asked(hangs), "it was asked once");
        }
    }

    private KubernetesCellDriver driver(Clusters clusters, Duration rest) {
        return new KubernetesCellDriver(handovers(), new DriverFolders(drivers), clusters, new Silence(rest),
                InstantSource.system());
    }

    /// Somebody else knocks there meanwhile, and whoever has a question waits for nothing.
    @Test
    void aClusterThatHungIsAskedAgainOnceItSaysSomething() throws Exception {
        try (var hangs = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
                var clusters = new Clusters(); var driver = driver(clusters, Duration.ofMillis(50))) {
            far("http://127.0.0.1:" + hangs.getLocalPort(), "");
            assertThrows(KubernetesClientException.class, () -> driver.start(order(ATTEMPT, "far")));
            assertTrue(assertInstanceOf(CellDriver.Look.Silent.class, driver.progress(List.of(ATTEMPT)).get(ATTEMPT))
                    .trouble().contains("said nothing"));
            answering(hangs, 1);
            Eventually.holds("the cluster is asked again", () -> driver.progress(List.of(ATTEMPT)).get(ATTEMPT).equals(
                    new CellDriver.Look.Seen(new StepProgress.Unknown())));
        }
    }

    /// Each of two answers only once the other one, too, was asked.
    @Test
    void looksAtCellsOfSeveralClustersSideBySide() throws Exception {
        var other = AttemptId.of("r8.cell5.deploy.1");
        try (var hangs = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
                var clusters = new Clusters(); var driver = driver(clusters, Silence.REST)) {
            far("http://127.0.0.1:" + hangs.getLocalPort(), "");
            far("farther", "http://localhost:" + hangs.getLocalPort(), "");
            handovers().take(order(ATTEMPT, "far"), Technology.KUBERNETES);
            handovers().take(order(other, "farther"), Technology.KUBERNETES);
            answering(hangs, 2);
            var looks = driver.looks(handovers().find(List.of(ATTEMPT, other)).values());
            for (var attempt : List.of(ATTEMPT, other)) {
                assertEquals(new HandoverDriver.Found.Known(new StepProgress.Unknown()), looks.get(attempt).get());
            }
        }
    }

    /// Takes connections and says that there is no such thing, to so many at once.
    private static void answering(ServerSocket server, int together) {
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    var asking = new ArrayList<Socket>();
                    while (asking.size() < together) {
                        asking.add(server.accept());
                    }
                    for (var socket : asking) {
                        socket.getInputStream().read(new byte[8192]);
                        socket.getOutputStream().write(("HTTP/1.1 404 None\r\nContent-Length: 0\r\n"
                                + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                        socket.close();
                    }
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
    }

    private static int asked(ServerSocket server) throws IOException {
        server.setSoTimeout(200);
        int connections = 0;
        try {
            while (true) {
                server.accept().close();
                connections++;
            }
        } catch (SocketTimeoutException nobodyElse) {
            return connections;
        }
    }

    private void far(String server, String ca) throws IOException {
        far("far", server, ca);
    }

    private void far(String name, String server, String ca) throws IOException {
        var folder = Files.createDirectories(drivers.resolve(name));
        write(name, "kind: kubernetes\nkubeconfig: kubeconfig\nnamespace: " + PlayedApiServer.NAMESPACE + "\n");
        Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: k, user: u}}]
                clusters: [{name: k, cluster: {server: "%s"%s}}]
                users: [{name: u, user: {token: abc}}]
                """.formatted(server, ca.isEmpty() ? "" : ", certificate-authority: \"" + ca + "\""));
    }

    private String trouble(String server, String ca) throws IOException {
        far(server, ca);
        try (var clusters = new Clusters()) {
            var driver = driver(clusters, Silence.REST);
            var trouble = assertThrows(KubernetesClientException.class, () -> driver.start(order(ATTEMPT, "far")));
            assertEquals(Map.of(ATTEMPT, new CellDriver.Look.Silent(trouble.toString())),
                    driver.progress(List.of(ATTEMPT)), "it has not ended, and is asked again");
            return trouble.getMessage();
        }
    }

    @Test
    void aClusterWithoutANameOrWithACertificateThatHasEndedIsNamedAndAskedAgain() throws Exception {
        var ended = new TestCertificate(drivers.resolve("ended-certificate"), -1);
        try (var server = ended.server()) {
            assertEquals("the cluster kubernetes.invalid cannot be reached: its name is not known",
                    trouble("https://kubernetes.invalid:6443", ended.certificate().toString()));
            assertEquals("the cluster 127.0.0.1 cannot be reached: " + ended.ended(),
                    trouble(server.address(), ended.certificate().toString()));
            assertEquals(0, server.asked().get());
        }
    }

    @Test
    void namesAreFitForTheClusterAndTellLongAttemptsApart() {
        var one = AttemptId.of("r123456789.c" + "x".repeat(35) + ".deploy.1");
        var other = AttemptId.of("r123456789.c" + "x".repeat(35) + ".deploy.2");
        assertTrue(AttemptJob.name(one).matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"), AttemptJob.name(one));
        assertNotEquals(AttemptJob.name(one), AttemptJob.name(other));
    }

    @Test
    void aJobThatSomebodyDeletedIsLostAndNotMadeAgain() throws Exception {
        var driver = open();
        driver.start(order(ATTEMPT, "waits"));
        Eventually.holds("it runs", () -> runs(ATTEMPT) == 1);
        try (var client = cluster.client()) {
            client.batch().v1().jobs().inNamespace(PlayedApiServer.NAMESPACE).withName(AttemptJob.name(ATTEMPT))
                    .delete();
        }
        assertInstanceOf(AttemptResult.Lost.class, end(driver, ATTEMPT));
        driver.start(order(ATTEMPT, "waits"));
        assertInstanceOf(AttemptResult.Lost.class, end(open(), ATTEMPT));
        assertEquals(1, runs(ATTEMPT));
    }

    @Test
    void aForeignJobOfThatNameIsNeitherTakenNorTouched() throws Exception {
        try (var client = cluster.client()) {
            client.batch().v1().jobs().inNamespace(PlayedApiServer.NAMESPACE).resource(new JobBuilder()
                    .withNewMetadata().withName(AttemptJob.name(ATTEMPT))
                    .addToAnnotations(AttemptJob.ATTEMPT, "r9.other.deploy.1")
                    .endMetadata().withNewSpec().withActiveDeadlineSeconds(600L).withNewTemplate().withNewSpec()
                    .addNewContainer().withName("x").withImage("waits").endContainer().endSpec().endTemplate()
                    .endSpec().build()).create();
        }
        var driver = open();
        driver.start(order(ATTEMPT, "works"));
        var failed = assertInstanceOf(AttemptResult.Failed.class, end(driver, ATTEMPT));
        assertTrue(failed.reason().contains("somebody else"), failed.reason());
        assertEquals(1, cluster.jobs().size());
    }

    @Test
    void aClusterThatRefusesEndsTheAttemptAndOneThatFailsIsAskedAgain() throws Exception {
        var path = "/apis/batch/v1/namespaces/" + PlayedApiServer.NAMESPACE + "/jobs";
        cluster.server().expect().post().withPath(path).andReturn(503, "").times(2);
        var driver = open();
        Eventually.holds("it is taken in the end", () -> {
            try {
                driver.start(order(ATTEMPT, "works"));
                return driver.progress(ATTEMPT) instanceof StepProgress.Ended;
            } catch (RuntimeException again) {
                return false;
            }
        });
        assertEquals(new AttemptResult.Succeeded(), end(driver, ATTEMPT));
        assertEquals(1, runs(ATTEMPT));
        cluster.server().expect().post().withPath(path).andReturn(403, "").once();
        var other = AttemptId.of("r8.cell4.deploy.1");
        driver.start(order(other, "works"));
        var failed = assertInstanceOf(AttemptResult.Failed.class, end(driver, other));
        assertTrue(failed.reason().contains("refuses"), failed.reason());
    }

    @Test
    void aClusterThatSaysNothingIsNoSuccess() throws Exception {
        open().start(limited(order(ATTEMPT, "waits"), Duration.ofSeconds(1)));
        var away = new KubernetesCellDriver(handovers(), new DriverFolders(drivers),
                InstantSource.offset(InstantSource.system(), Duration.ofHours(1)));
        write("waits", "kind: kubernetes\nkubeconfig: none\nnamespace: elsewhere\n");
        Files.writeString(drivers.resolve("waits/none"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:9"}}]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                users: [{name: u, user: {token: none}}]
                current-context: c
                """);
        assertInstanceOf(AttemptResult.Lost.class, end(away, ATTEMPT));
        away.close();
    }
}
