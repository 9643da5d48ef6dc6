# syntax=docker/dockerfile:1
#
# All Java images of Heliograph from one Maven build; one target an image:
#   docker build -f deploy/images/services.Dockerfile --target ingest-gateway -t localhost/heliograph/ingest-gateway:0.1.0 .
# The context is the root of the repository. README.md says how to pin the base images by digest.

# The JDK that builds and the JRE that runs come from one vendor and one release: the AOT cache is bound to it.
ARG BUILD_IMAGE=maven:3.9.16-eclipse-temurin-25
ARG RUNTIME_IMAGE=eclipse-temurin:25.0.4_7-jre-noble

# --- build: every service in one reactor ------------------------------------------------------------------------
FROM ${BUILD_IMAGE} AS build
WORKDIR /source
COPY . .
# npm is `true` here, for there is no Node.js: the dashboard is an image of its own, and nothing in this file serves it.
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    mvn --batch-mode --no-transfer-progress package -DskipTests -Dnpm.executable=true \
        -pl ingest-gateway,stream-processor,query-api,storage-schema,local-platform,device-simulator -am

# --- layers: libraries apart from our classes, so that a release changes one small layer ---------------------------
# `extract --layers` writes dependencies/, spring-boot-loader/, snapshot-dependencies/ and application/ for each jar.
FROM build AS layers
RUN for module in ingest-gateway stream-processor query-api; do \
      cp ${module}/target/${module}-*-exec.jar /tmp/${module}.jar \
      && java -Djarmode=tools -jar /tmp/${module}.jar extract --layers --destination /layers/${module} || exit 1; \
    done
# The jars without Spring cannot extract themselves (the tool needs spring-core); their two directories are the layers.
RUN for module in storage-schema device-simulator; do \
      mkdir -p /layers/${module} && cd /layers/${module} \
      && jar --extract --file /source/${module}/target/${module}-*-exec.jar BOOT-INF/lib BOOT-INF/classes || exit 1; \
    done

# The local platform is no executable jar: its libraries lie beside it.
RUN mkdir -p /layers/local-platform \
    && cp -r local-platform/target/lib /layers/local-platform/lib \
    && cp $(ls local-platform/target/local-platform-*.jar | grep -v -e sources -e javadoc -e tests) /layers/local-platform/local-platform.jar

# --- runtime: what every image has in common ------------------------------------------------------------------------
FROM ${RUNTIME_IMAGE} AS runtime
# The number is what Kubernetes checks for runAsNonRoot; a name alone would be refused there.
RUN groupadd --gid 10001 heliograph \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin heliograph \
    && install -d -o 10001 -g 10001 /application /var/lib/heliograph
WORKDIR /application
# Memory follows the container's limit; a JVM out of memory dies at once and is restarted, rather than limping on.
# The collector is named because the AOT cache holds objects laid out for it; left to itself, the JVM would choose
# another one in a small container than it did on the build machine.
ENV JDK_JAVA_OPTIONS="-XX:MaxRAMPercentage=65 -XX:+ExitOnOutOfMemoryError -XX:+UseG1GC --enable-native-access=ALL-UNNAMED"
USER 10001:10001

# Each image below has a training stage: the context is refreshed once without a broker or a database, and the classes
# it loaded are kept in application.aot beside the jar. Training and service run from the same paths on the same JVM.

# --- ingest-gateway ---------------------------------------------------------------------------------------------------
FROM runtime AS ingest-gateway-application
COPY --from=layers /layers/ingest-gateway/dependencies/ ./
COPY --from=layers /layers/ingest-gateway/spring-boot-loader/ ./
COPY --from=layers /layers/ingest-gateway/snapshot-dependencies/ ./
COPY --from=layers /layers/ingest-gateway/application/ ./

FROM ingest-gateway-application AS ingest-gateway-training
RUN ["java", "-XX:AOTCacheOutput=application.aot", "-Dspring.context.exit=onRefresh", "-jar", "ingest-gateway.jar"]

FROM ingest-gateway-application AS ingest-gateway
LABEL org.opencontainers.image.title="Heliograph ingest-gateway" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=ingest-gateway-training /application/application.aot ./
EXPOSE 1883 8883 8081 9081
USER 10001:10001
ENTRYPOINT ["java", "-XX:AOTCache=application.aot", "-jar", "ingest-gateway.jar"]

# --- stream-processor -------------------------------------------------------------------------------------------------
FROM runtime AS stream-processor-application
COPY --from=layers /layers/stream-processor/dependencies/ ./
COPY --from=layers /layers/stream-processor/spring-boot-loader/ ./
COPY --from=layers /layers/stream-processor/snapshot-dependencies/ ./
COPY --from=layers /layers/stream-processor/application/ ./

FROM stream-processor-application AS stream-processor-training
RUN ["java", "-XX:AOTCacheOutput=application.aot", "-Dspring.context.exit=onRefresh", "-jar", "stream-processor.jar"]

FROM stream-processor-application AS stream-processor
LABEL org.opencontainers.image.title="Heliograph stream-processor" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=stream-processor-training /application/application.aot ./
# The state of the windows; a volume there makes a restart fast, without one the state is read back from Kafka.
VOLUME ["/var/lib/heliograph"]
EXPOSE 9082
USER 10001:10001
ENTRYPOINT ["java", "-XX:AOTCache=application.aot", "-jar", "stream-processor.jar"]

# --- query-api --------------------------------------------------------------------------------------------------------
FROM runtime AS query-api-application
COPY --from=layers /layers/query-api/dependencies/ ./
COPY --from=layers /layers/query-api/spring-boot-loader/ ./
COPY --from=layers /layers/query-api/snapshot-dependencies/ ./
COPY --from=layers /layers/query-api/application/ ./

FROM query-api-application AS query-api-training
RUN ["java", "-XX:AOTCacheOutput=application.aot", "-Dspring.context.exit=onRefresh", "-jar", "query-api.jar"]

FROM query-api-application AS query-api
LABEL org.opencontainers.image.title="Heliograph query-api" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=query-api-training /application/application.aot ./
EXPOSE 8080 9083
USER 10001:10001
ENTRYPOINT ["java", "-XX:AOTCache=application.aot", "-jar", "query-api.jar"]

# --- storage-migration: runs once and ends, so an AOT cache would not be worth its size -------------------------------
FROM runtime AS storage-migration
LABEL org.opencontainers.image.title="Heliograph storage-migration" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=layers /layers/storage-schema/BOOT-INF/lib/ lib/
COPY --from=layers /layers/storage-schema/BOOT-INF/classes/ classes/
USER 10001:10001
ENTRYPOINT ["java", "-cp", "classes:lib/*", "dev.heliograph.storage.MigrationApplication"]

# --- identity-provider: for development and evaluation only -----------------------------------------------------------
FROM runtime AS identity-provider
LABEL org.opencontainers.image.title="Heliograph identity-provider (development)" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=layers /layers/local-platform/lib/ lib/
COPY --from=layers /layers/local-platform/local-platform.jar ./
VOLUME ["/var/lib/heliograph"]
EXPOSE 9000 9084
USER 10001:10001
ENTRYPOINT ["java", "-cp", "local-platform.jar:lib/*", "dev.heliograph.local.identity.IdentityProviderApplication"]

# --- device-simulator -------------------------------------------------------------------------------------------------
FROM runtime AS device-simulator
LABEL org.opencontainers.image.title="Heliograph device-simulator" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=layers /layers/device-simulator/BOOT-INF/lib/ lib/
COPY --from=layers /layers/device-simulator/BOOT-INF/classes/ classes/
USER 10001:10001
ENTRYPOINT ["java", "-cp", "classes:lib/*", "dev.heliograph.simulator.SimulatorApplication"]
