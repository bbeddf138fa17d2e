# One file for every application: docker build --build-arg APPLICATION=services/user-service .
# APPLICATION is the folder of the Maven module. The stages up to `build` do not depend on it, so that they run once for all.
# Nothing here needs BuildKit; the classic builder runs it too.

# Every pom.xml and the contracts, nothing else: as long as none of them changes, the dependencies below stay in the layer
# cache. The contracts, because generating code from them fetches a compiler.
FROM maven:3.9.12-eclipse-temurin-25 AS poms
WORKDIR /build
COPY . .
RUN find . -type f ! -name pom.xml ! -name '*.proto' -delete && find . -type d -empty -delete

FROM maven:3.9.12-eclipse-temurin-25 AS build
WORKDIR /build
COPY --from=poms /build .
RUN mvn --batch-mode --no-transfer-progress --activate-profiles run package -Dspring-boot.repackage.skip
COPY . .
RUN mvn --batch-mode --no-transfer-progress --activate-profiles run package

FROM build AS layers
ARG APPLICATION
RUN java -Djarmode=tools -jar "$APPLICATION"/target/*.jar \
    extract --layers --application-filename application.jar --destination /layers

FROM eclipse-temurin:25.0.3_9-jre-noble
ARG APPLICATION
LABEL org.opencontainers.image.title="$APPLICATION" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /application
# what changes least comes first, so that a new build of the code moves a small layer only
COPY --from=layers /layers/dependencies/ ./
COPY --from=layers /layers/snapshot-dependencies/ ./
COPY --from=layers /layers/application/ ./
# The training run writes the AOT cache, which halves the work of a start. It has the path, the working directory and the
# options of the real run, because the JVM silently ignores a cache made with others, and needs nothing outside this container.
RUN SPRING_CLOUD_CONFIG_ENABLED=false SPRING_FLYWAY_ENABLED=false \
    PLATFORM_CONFIG_SERVER_DIRECTORY=/tmp PLATFORM_CONFIG_SERVER_HISTORY=/tmp/history \
    java -XX:AOTCacheOutput=application.aot -Xlog:aot=error -Dspring.context.exit=onRefresh \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -jar application.jar
# What an application keeps between runs is for its user alone. A new volume takes the owner of the folder it is mounted to.
RUN install --directory --owner=10001 --group=10001 --mode=700 /state
USER 10001:10001
# The two long options let Netty and Protobuf do what they do without a warning in the log, which is JSON.
ENTRYPOINT ["java", "-XX:AOTCache=application.aot", "-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError", \
    "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", "application.jar"]
