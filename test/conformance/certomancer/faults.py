"""Services of certomancer that answer wrongly: a service's label says how, and all else is as the good one answers."""

from asn1crypto import ocsp, tsp
from certomancer.registry import CertLabel, KeyLabel, ServiceLabel
from certomancer.registry.plugin_api import ServicePlugin, service_plugin_registry

GOOD = ServiceLabel("good")
ANOTHER = KeyLabel("signer")


@service_plugin_registry.register
class WrongTimestamps(ServicePlugin):
    plugin_label = "wrong-tsa"
    content_type = "application/timestamp-reply"

    def invoke(self, arch, info, request, at_time=None):
        asked = tsp.TimeStampReq.load(request)
        stamper = arch.service_registry.summon_timestamper(GOOD, at_time)
        match info.label.value:
            case "imprint":
                asked["message_imprint"]["hashed_message"] = bytes(32)
            case "nonce":
                asked["nonce"] = asked["nonce"].native + 1
            case "no-nonce":
                asked["nonce"] = None
            case "key":
                stamper.tsa_key = arch.key_set.get_private_key(ANOTHER)
        return stamper.request_tsa_response(asked).dump()


@service_plugin_registry.register
class WrongStatus(ServicePlugin):
    plugin_label = "wrong-ocsp"
    content_type = "application/ocsp-response"

    def invoke(self, arch, info, request, at_time=None):
        asked = ocsp.OCSPRequest.load(request)
        responder = arch.service_registry.summon_responder(GOOD, at_time)
        match info.label.value:
            case "refusal":
                return responder.build_error_response("try_later").dump()
            case "certificate":
                serial = arch.get_cert_spec(CertLabel("ocsp")).serial
                asked["tbs_request"]["request_list"][0]["req_cert"]["serial_number"] = serial
            case "nonce":
                asked["tbs_request"]["request_extensions"][0]["extn_value"] = bytes(16)
            case "no-nonce":
                asked["tbs_request"]["request_extensions"] = None
            case "key":
                responder.responder_key = arch.key_set.get_private_key(ANOTHER)
        return responder.build_ocsp_response(asked).dump()
