"""Where countries are, to tell how long a journey between them takes at the least.

Latitude and longitude in whole degrees of the middle of each country's population or its main city; ISO 3166-1
alpha-2 codes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_PLACES = """
AD 43 2 AE 25 55 AF 35 69 AG 17 -62 AI 18 -63 AL 41 20 AM 40 45 AO -9 14 AR -34 -60 AS -14 -171 AT 48 15 AU -34 147
AW 13 -70 AX 60 20 AZ 40 49 BA 44 18 BB 13 -60 BD 24 90 BE 51 4 BF 12 -2 BG 43 24 BH 26 51 BI -3 30 BJ 7 2 BL 18 -63
BM 32 -65 BN 5 115 BO -17 -66 BQ 12 -68 BR -20 -45 BS 25 -77 BT 27 90 BW -24 26 BY 54 28 BZ 17 -88 CA 45 -78 CC -12 97
CD -4 20 CF 5 19 CG -4 15 CH 47 8 CI 6 -5 CK -21 -160 CL -33 -71 CM 4 11 CN 33 114 CO 5 -75 CR 10 -84 CU 22 -81
CV 15 -24 CW 12 -69 CX -10 106 CY 35 33 CZ 50 15 DE 51 9 DJ 12 43 DK 56 11 DM 15 -61 DO 19 -70 DZ 36 3 EC -1 -79
EE 59 25 EG 30 31 ER 15 39 ES 40 -3 ET 9 39 FI 61 25 FJ -18 178 FK -52 -58 FM 7 158 FO 62 -7 FR 47 3 GA 0 10 GB 52 -1
GD 12 -62 GE 42 44 GF 5 -52 GG 49 -3 GH 6 -1 GI 36 -5 GL 64 -52 GM 13 -16 GN 10 -12 GP 16 -62 GQ 2 10 GR 38 23
GT 15 -91 GU 13 145 GW 12 -15 GY 7 -58 HK 22 114 HN 15 -87 HR 45 16 HT 19 -72 HU 47 19 ID -7 110 IE 53 -7 IL 32 35
IM 54 -5 IN 22 78 IO -7 72 IQ 33 44 IR 35 52 IS 64 -22 IT 43 12 JE 49 -2 JM 18 -77 JO 32 36 JP 35 137 KE -1 37 KG 42 74
KH 12 105 KI 1 173 KM -12 43 KN 17 -63 KP 39 126 KR 37 127 KW 29 48 KY 19 -81 KZ 48 72 LA 18 103 LB 34 36 LC 14 -61
LI 47 10 LK 7 80 LR 6 -11 LS -30 28 LT 55 24 LU 50 6 LV 57 24 LY 32 14 MA 33 -7 MC 44 7 MD 47 29 ME 42 19 MF 18 -63
MG -19 47 MH 7 171 MK 42 22 ML 13 -8 MM 19 96 MN 48 107 MO 22 114 MP 15 146 MQ 15 -61 MR 18 -16 MS 17 -62 MT 36 14
MU -20 57 MV 4 73 MW -14 34 MX 20 -99 MY 3 102 MZ -20 35 NA -22 17 NC -22 166 NE 14 5 NF -29 168 NG 8 6 NI 12 -86
NL 52 5 NO 60 10 NP 28 85 NR -1 167 NU -19 -170 NZ -39 176 OM 23 58 PA 9 -80 PE -12 -76 PF -18 -149 PG -6 145 PH 14 122
PK 31 72 PL 52 19 PM 47 -56 PR 18 -66 PS 32 35 PT 40 -8 PW 7 134 PY -25 -57 QA 25 51 RE -21 55 RO 45 26 RS 44 21
RU 55 42 RW -2 30 SA 24 45 SB -9 160 SC -5 55 SD 15 32 SE 59 16 SG 1 104 SH -16 -6 SI 46 15 SK 48 19 SL 8 -12 SM 44 12
SN 15 -17 SO 2 45 SR 6 -55 SS 5 32 ST 0 7 SV 14 -89 SX 18 -63 SY 34 37 SZ -26 31 TC 22 -72 TD 12 15 TG 7 1 TH 14 101
TJ 39 69 TK -9 -172 TL -9 126 TM 38 58 TN 36 10 TO -21 -175 TR 40 32 TT 11 -61 TV -9 179 TW 24 121 TZ -6 37 UA 49 31
UG 1 32 US 39 -88 UY -34 -56 UZ 41 67 VA 42 12 VC 13 -61 VE 10 -67 VG 18 -65 VI 18 -65 VN 16 107 VU -18 168
WF -13 -176 WS -14 -172 XK 43 21 YE 15 44 YT -13 45 ZA -28 28 ZM -14 28 ZW -18 31
"""
_WORDS = _PLACES.split()
PLACES = {
    code: (float(north), float(east)) for code, north, east in zip(_WORDS[::3], _WORDS[1::3], _WORDS[2::3], strict=True)
}
UNKNOWN_DISTANCE_KM = 1000.0
"""Between two different countries of which one is not in the list: about that of two capitals of one continent."""
_EARTH_KM = 6371.0


def places(codes: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return (n, 2) latitudes and longitudes in radians, NaN for a name that is no code of the list."""
    found = [PLACES.get(code.strip().upper(), (np.nan, np.nan)) for code in codes]
    return np.radians(np.array(found, dtype=np.float64).reshape(-1, 2))


def distance_km(here: npt.NDArray[np.float64], there: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return great-circle distances (n,) between places (n, 2) by the haversine formula (Sinnott, 1984).

    >>> distance_km(places(["FR", "FR", "FR"]), places(["BE", "JP", "Atlantis"])).round(-2)
    array([ 500., 9800., 1000.])
    """
    half = (there - here) / 2
    chord = np.sin(half[:, 0]) ** 2 + np.cos(here[:, 0]) * np.cos(there[:, 0]) * np.sin(half[:, 1]) ** 2
    distance: npt.NDArray[np.float64] = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return np.where(np.isnan(distance), UNKNOWN_DISTANCE_KM, distance)
