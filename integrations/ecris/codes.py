"""Names and codes of the wire format: namespaces, States, countries, kinds of document. Tables only.

Source of the country numbers and letters: ISO 3166-1. Source of the forms: the public schemas of the format.
"""

import re

SERVICE = "http://ec.europa.eu/ECRIS/service-v1.0"
MESSAGES = "http://ec.europa.eu/ECRIS/messages-v1.0"
DOMAIN = "http://ec.europa.eu/ECRIS/domain-model-v1.0"
COMMONS = "http://ec.europa.eu/ECRIS/commons-v1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES = {"s": SERVICE, "m": MESSAGES, "d": DOMAIN, "k": COMMONS}

MAX_BYTES = 256 * 1024
"""Of one document, as received."""

ROOTS = {
    "RequestMessage": "REQ",
    "RequestPushMessage": "REQ",
    "RequestDeadlineMessage": "RDL",
    "RequestResponseMessage": "RRS",
    "RequestResponsePushMessage": "RRS",
    "RequestAdditionalInfoMessage": "RAI",
    "RequestAdditionalInfoResponseMessage": "RAR",
    "RequestAdditionalInfoResponsePushMessage": "RAR",
    "CancellationMessage": "CAN",
    "FunctionalErrorMessage": "FEM",
}

STATES = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR",
    "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
"""States that can be asked. Greece is GR and the United Kingdom GB on the wire; EL and UK do not occur."""

MESSAGE_ID = re.compile(r"([A-Z]{2})-([A-Z]{2})-([A-Z]{3})-([0-9]{15})")
"""Sender, receiver, letters, number. Use `fullmatch`."""

UNKNOWN_TEXT = "UNKNOWN"
UNKNOWN_YEAR = "1800"
UNKNOWN_COUNTRY = "CO-00-999-XXX"
"""Stands for stateless and for an unknown nationality too: the format has no other code for either."""

DOCUMENT_TITLES = {
    "passport": "Passport",
    "identity_card": "Identity card",
    "residence_permit": "Residence permit",
}
DOCUMENT_CATEGORY = "ID-00-999"
"""Seen in use; that it means "other" is not verified, for the table is not published. The title tells the kind."""

_ISO_3166 = """
AD:020:AND AE:784:ARE AF:004:AFG AG:028:ATG AI:660:AIA AL:008:ALB AM:051:ARM AO:024:AGO AQ:010:ATA AR:032:ARG
AS:016:ASM AT:040:AUT AU:036:AUS AW:533:ABW AX:248:ALA AZ:031:AZE BA:070:BIH BB:052:BRB BD:050:BGD BE:056:BEL
BF:854:BFA BG:100:BGR BH:048:BHR BI:108:BDI BJ:204:BEN BL:652:BLM BM:060:BMU BN:096:BRN BO:068:BOL BQ:535:BES
BR:076:BRA BS:044:BHS BT:064:BTN BV:074:BVT BW:072:BWA BY:112:BLR BZ:084:BLZ CA:124:CAN CC:166:CCK CD:180:COD
CF:140:CAF CG:178:COG CH:756:CHE CI:384:CIV CK:184:COK CL:152:CHL CM:120:CMR CN:156:CHN CO:170:COL CR:188:CRI
CU:192:CUB CV:132:CPV CW:531:CUW CX:162:CXR CY:196:CYP CZ:203:CZE DE:276:DEU DJ:262:DJI DK:208:DNK DM:212:DMA
DO:214:DOM DZ:012:DZA EC:218:ECU EE:233:EST EG:818:EGY EH:732:ESH ER:232:ERI ES:724:ESP ET:231:ETH FI:246:FIN
FJ:242:FJI FK:238:FLK FM:583:FSM FO:234:FRO FR:250:FRA GA:266:GAB GB:826:GBR GD:308:GRD GE:268:GEO GF:254:GUF
GG:831:GGY GH:288:GHA GI:292:GIB GL:304:GRL GM:270:GMB GN:324:GIN GP:312:GLP GQ:226:GNQ GR:300:GRC GS:239:SGS
GT:320:GTM GU:316:GUM GW:624:GNB GY:328:GUY HK:344:HKG HM:334:HMD HN:340:HND HR:191:HRV HT:332:HTI HU:348:HUN
ID:360:IDN IE:372:IRL IL:376:ISR IM:833:IMN IN:356:IND IO:086:IOT IQ:368:IRQ IR:364:IRN IS:352:ISL IT:380:ITA
JE:832:JEY JM:388:JAM JO:400:JOR JP:392:JPN KE:404:KEN KG:417:KGZ KH:116:KHM KI:296:KIR KM:174:COM KN:659:KNA
KP:408:PRK KR:410:KOR KW:414:KWT KY:136:CYM KZ:398:KAZ LA:418:LAO LB:422:LBN LC:662:LCA LI:438:LIE LK:144:LKA
LR:430:LBR LS:426:LSO LT:440:LTU LU:442:LUX LV:428:LVA LY:434:LBY MA:504:MAR MC:492:MCO MD:498:MDA ME:499:MNE
MF:663:MAF MG:450:MDG MH:584:MHL MK:807:MKD ML:466:MLI MM:104:MMR MN:496:MNG MO:446:MAC MP:580:MNP MQ:474:MTQ
MR:478:MRT MS:500:MSR MT:470:MLT MU:480:MUS MV:462:MDV MW:454:MWI MX:484:MEX MY:458:MYS MZ:508:MOZ NA:516:NAM
NC:540:NCL NE:562:NER NF:574:NFK NG:566:NGA NI:558:NIC NL:528:NLD NO:578:NOR NP:524:NPL NR:520:NRU NU:570:NIU
NZ:554:NZL OM:512:OMN PA:591:PAN PE:604:PER PF:258:PYF PG:598:PNG PH:608:PHL PK:586:PAK PL:616:POL PM:666:SPM
PN:612:PCN PR:630:PRI PS:275:PSE PT:620:PRT PW:585:PLW PY:600:PRY QA:634:QAT RE:638:REU RO:642:ROU RS:688:SRB
RU:643:RUS RW:646:RWA SA:682:SAU SB:090:SLB SC:690:SYC SD:729:SDN SE:752:SWE SG:702:SGP SH:654:SHN SI:705:SVN
SJ:744:SJM SK:703:SVK SL:694:SLE SM:674:SMR SN:686:SEN SO:706:SOM SR:740:SUR SS:728:SSD ST:678:STP SV:222:SLV
SX:534:SXM SY:760:SYR SZ:748:SWZ TC:796:TCA TD:148:TCD TF:260:ATF TG:768:TGO TH:764:THA TJ:762:TJK TK:772:TKL
TL:626:TLS TM:795:TKM TN:788:TUN TO:776:TON TR:792:TUR TT:780:TTO TV:798:TUV TW:158:TWN TZ:834:TZA UA:804:UKR
UG:800:UGA UM:581:UMI US:840:USA UY:858:URY UZ:860:UZB VA:336:VAT VC:670:VCT VE:862:VEN VG:092:VGB VI:850:VIR
VN:704:VNM VU:548:VUT WF:876:WLF WS:882:WSM YE:887:YEM YT:175:MYT ZA:710:ZAF ZM:894:ZMB ZW:716:ZWE
"""
_WIRE_BY_ALPHA_2 = {
    alpha_2: f"CO-00-{numeric}-{alpha_3}" for alpha_2, numeric, alpha_3 in (row.split(":") for row in _ISO_3166.split())
}
_ALPHA_2_BY_WIRE = {wire: alpha_2 for alpha_2, wire in _WIRE_BY_ALPHA_2.items()}
_WITHOUT_WIRE_CODE = frozenset({"stateless", "unknown", "XK"})


def country_to_wire(country: str) -> str:
    """The reference for an ISO 3166-1 alpha-2 code, `stateless` or `unknown`. Raises KeyError on any other word."""
    return UNKNOWN_COUNTRY if country in _WITHOUT_WIRE_CODE else _WIRE_BY_ALPHA_2[country]


def country_from_wire(reference: str) -> str:
    """The alpha-2 code for a reference, or `unknown`."""
    return _ALPHA_2_BY_WIRE.get(reference, "unknown")
