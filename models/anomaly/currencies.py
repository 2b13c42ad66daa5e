"""What amounts in different currencies are worth beside each other, to an order of magnitude.

Units of each currency for one euro, rounded to about two digits, as they stood in 2025 (for the currencies that the
European Central Bank publishes reference rates of, after those; the others after their pegs and central banks).
Amounts are compared on a logarithmic scale and against the user's own, so that a rate wrong by a tenth moves no score
that matters; nothing is ever converted for anyone to see.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_RATES = """
AED 4.2 AFN 78 ALL 98 AMD 440 AOA 1050 ARS 1500 AUD 1.75 AWG 2.0 AZN 1.95 BAM 1.96 BBD 2.3 BDT 140 BGN 1.96 BHD 0.43
BIF 3400 BMD 1.15 BND 1.5 BOB 7.9 BRL 6.3 BSD 1.15 BTN 100 BWP 15.5 BYN 3.7 BZD 2.3 CAD 1.6 CDF 3300 CHF 0.94 CLP 1100
CNY 8.2 COP 4700 CRC 585 CUP 28 CVE 110 CZK 25 DJF 204 DKK 7.46 DOP 70 DZD 150 EGP 57 ERN 17 ETB 160 EUR 1 FJD 2.6
FKP 0.86 GBP 0.86 GEL 3.1 GHS 13 GIP 0.86 GMD 82 GNF 9900 GTQ 8.8 GYD 240 HKD 9.0 HNL 30 HTG 150 HUF 395 IDR 19000
ILS 3.9 INR 100 IQD 1500 IRR 48000 ISK 142 JMD 184 JOD 0.82 JPY 170 KES 149 KGS 100 KHR 4600 KMF 492 KPW 1030 KRW 1630
KWD 0.35 KYD 0.96 KZT 610 LAK 25000 LBP 103000 LKR 345 LRD 225 LSL 20.5 LYD 6.3 MAD 10.6 MDL 19.6 MGA 5200 MKD 61.6
MMK 2400 MNT 4100 MOP 9.3 MRU 46 MUR 52 MVR 17.7 MWK 2000 MXN 21.5 MYR 4.9 MZN 73 NAD 20.5 NGN 1750 NIO 42 NOK 11.7
NPR 160 NZD 2.0 OMR 0.44 PAB 1.15 PEN 4.1 PGK 4.8 PHP 66 PKR 325 PLN 4.25 PYG 8700 QAR 4.2 RON 5.05 RSD 117 RUB 95
RWF 1650 SAR 4.3 SBD 9.6 SCR 16.5 SDG 690 SEK 11.1 SGD 1.5 SHP 0.86 SLE 26 SOS 655 SRD 43 SSP 5200 STN 24.5 SVC 10
SYP 13000 SZL 20.5 THB 37.5 TJS 11 TMT 4.0 TND 3.4 TOP 2.75 TRY 47 TTD 7.8 TWD 35 TZS 2900 UAH 48 UGX 4150 USD 1.15
UYU 46 UZS 14300 VED 200 VES 200 VND 30000 VUV 138 WST 3.2 XAF 656 XCD 3.1 XCG 2.05 XOF 656 XPF 119 YER 280 ZAR 20.5
ZMW 27 ZWG 31
"""
_WORDS = _RATES.split()
PER_EURO = {code: float(rate) for code, rate in zip(_WORDS[::2], _WORDS[1::2], strict=True)}


def units_per_euro(codes: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return (n,) rates; a code without one (metals, testing codes) is taken for the euro.

    >>> units_per_euro(["EUR", "JPY", "XXX"])
    array([  1., 170.,   1.])
    """
    return np.array([PER_EURO.get(code, 1.0) for code in codes], dtype=np.float64)
