package dev.heliograph.ingest.mqtt;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;

/** Why a CONNECT is refused, with the code of each protocol version. */
enum ConnectRefusal {
    MALFORMED(
            MqttConnectReturnCode.CONNECTION_REFUSED_MALFORMED_PACKET,
            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
            "malformed packet"),
    PROTOCOL(
            MqttConnectReturnCode.CONNECTION_REFUSED_PROTOCOL_ERROR,
            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
            "protocol error"),
    VERSION(
            MqttConnectReturnCode.CONNECTION_REFUSED_UNSUPPORTED_PROTOCOL_VERSION,
            MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION,
            "MQTT 5 and 3.1.1 are supported"),
    CREDENTIALS(
            MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD,
            MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
            "user name is tenant/device, with a valid device key as password"),
    CERTIFICATE(
            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5,
            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
            "the certificate names no registered device, or another than the user name"),
    CLIENT_ID(
            MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID,
            MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED,
            "client id must be device, tenant/device or device:anything"),
    AUTHENTICATION_METHOD(
            MqttConnectReturnCode.CONNECTION_REFUSED_BAD_AUTHENTICATION_METHOD,
            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
            "extended authentication is not supported"),
    WILL_TOPIC(
            MqttConnectReturnCode.CONNECTION_REFUSED_TOPIC_NAME_INVALID,
            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
            "a Will goes to the device's own status, telemetry or NDEATH topic"),
    WILL_RETAIN(
            MqttConnectReturnCode.CONNECTION_REFUSED_RETAIN_NOT_SUPPORTED,
            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
            "retain is not available"),
    WILL_QOS(
            MqttConnectReturnCode.CONNECTION_REFUSED_QOS_NOT_SUPPORTED,
            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
            "QoS 2 is not available"),
    TOO_LARGE(
            MqttConnectReturnCode.CONNECTION_REFUSED_PACKET_TOO_LARGE,
            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
            "packet too large"),
    QUOTA(
            MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED,
            MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
            "the device has too many connections"),
    BUSY(
            MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_BUSY,
            MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
            "this gateway has as many connections as it takes"),
    UNAVAILABLE(
            MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE_5,
            MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
            "not ready");

    private final MqttConnectReturnCode code5;
    private final MqttConnectReturnCode code311;
    private final String words;

    ConnectRefusal(MqttConnectReturnCode code5, MqttConnectReturnCode code311, String words) {
        this.code5 = code5;
        this.code311 = code311;
        this.words = words;
    }

    MqttConnectReturnCode code(boolean mqtt5) {
        return mqtt5 ? code5 : code311;
    }

    String words() {
        return words;
    }
}
