/** Country calling codes (ITU-T E.164 list) of countries that have one time zone. The others say nothing: the tenant's zone holds. */
const COUNTRIES: Record<string, string> = {
  20: 'Africa/Cairo', 27: 'Africa/Johannesburg', 30: 'Europe/Athens', 31: 'Europe/Amsterdam', 32: 'Europe/Brussels', 33: 'Europe/Paris',
  36: 'Europe/Budapest', 39: 'Europe/Rome', 40: 'Europe/Bucharest', 41: 'Europe/Zurich', 43: 'Europe/Vienna', 44: 'Europe/London',
  45: 'Europe/Copenhagen', 46: 'Europe/Stockholm', 47: 'Europe/Oslo', 48: 'Europe/Warsaw', 49: 'Europe/Berlin', 51: 'America/Lima',
  54: 'America/Argentina/Buenos_Aires', 57: 'America/Bogota', 58: 'America/Caracas', 60: 'Asia/Kuala_Lumpur', 63: 'Asia/Manila',
  65: 'Asia/Singapore', 66: 'Asia/Bangkok', 81: 'Asia/Tokyo', 82: 'Asia/Seoul', 84: 'Asia/Ho_Chi_Minh', 86: 'Asia/Shanghai', 90: 'Europe/Istanbul',
  91: 'Asia/Kolkata', 92: 'Asia/Karachi', 94: 'Asia/Colombo', 212: 'Africa/Casablanca', 213: 'Africa/Algiers', 216: 'Africa/Tunis',
  233: 'Africa/Accra', 234: 'Africa/Lagos', 254: 'Africa/Nairobi', 352: 'Europe/Luxembourg', 353: 'Europe/Dublin', 354: 'Atlantic/Reykjavik',
  356: 'Europe/Malta', 357: 'Asia/Nicosia', 358: 'Europe/Helsinki', 359: 'Europe/Sofia', 370: 'Europe/Vilnius', 371: 'Europe/Riga',
  372: 'Europe/Tallinn', 381: 'Europe/Belgrade', 385: 'Europe/Zagreb', 386: 'Europe/Ljubljana', 387: 'Europe/Sarajevo', 420: 'Europe/Prague',
  421: 'Europe/Bratislava', 502: 'America/Guatemala', 503: 'America/El_Salvador', 506: 'America/Costa_Rica', 507: 'America/Panama',
  591: 'America/La_Paz', 595: 'America/Asuncion', 598: 'America/Montevideo', 852: 'Asia/Hong_Kong', 880: 'Asia/Dhaka', 886: 'Asia/Taipei',
  965: 'Asia/Kuwait', 966: 'Asia/Riyadh', 971: 'Asia/Dubai', 972: 'Asia/Jerusalem', 973: 'Asia/Bahrain', 974: 'Asia/Qatar', 977: 'Asia/Kathmandu',
};

/** Area codes of +1 (nanpa.com) that lie in one time zone as a whole. Those of states with two zones are left out. */
const AREAS: Record<string, string> = {
  'America/New_York': `201 202 203 207 212 215 216 223 227 229 234 239 240 248 252 267 269 272 276 301 302 304 305 313 315 321 326 330 332 336
    339 347 351 352 380 386 401 404 407 410 412 413 419 434 440 443 445 470 475 478 484 508 513 516 517 518 540 551 561 567 570 571 582 585 586
    603 607 609 610 614 616 617 631 640 646 656 667 678 680 681 689 703 704 706 716 717 718 724 727 732 734 740 743 754 757 762 770 772 774 781
    786 802 803 804 810 813 814 828 838 843 845 848 854 856 857 860 862 863 864 878 904 908 910 912 914 917 919 929 934 937 941 947 954 959 973
    978 980 984 989`,
  'America/Toronto': '226 289 343 365 416 437 438 450 514 519 548 579 613 647 905',
  'America/Halifax': '782 902',
  'America/Chicago': `205 210 214 217 218 224 225 228 251 254 256 262 274 281 309 312 314 316 318 319 320 325 331 334 337 346 361 405 409 414 417
    430 447 464 469 479 501 504 507 512 515 534 539 557 563 572 573 580 601 608 612 618 630 636 641 651 659 660 662 682 708 712 713 715 726 730 737
    763 769 773 779 806 815 816 817 830 832 847 870 872 903 913 918 920 936 938 940 945 952 956 972 979 985`,
  'America/Winnipeg': '204 431',
  'America/Denver': '303 307 385 406 435 505 575 719 720 801 915 970 983',
  'America/Edmonton': '368 403 587 780 825',
  'America/Phoenix': '480 520 602 623',
  'America/Los_Angeles': `206 209 213 253 279 310 323 341 360 408 415 424 425 442 503 509 510 530 559 562 564 619 626 628 650 657 661 669 702 707 714
    725 747 760 805 818 820 831 840 858 909 916 925 949 951 971`,
  'America/Vancouver': '604',
  'Pacific/Honolulu': '808',
};

const ZONE_OF_AREA = new Map(Object.entries(AREAS).flatMap(([zone, codes]) => codes.trim().split(/\s+/).map((code) => [code, zone] as const)));

/**
 * The time zone that a phone number tells beyond doubt; null for any other address. A number that has moved with its owner
 * is the doubt that remains.
 */
export function timeZoneOf(address: string): string | null {
  const digits = /^\+([1-9]\d{6,14})$/.exec(address)?.[1];
  if (!digits) return null;
  if (digits.startsWith('1')) return ZONE_OF_AREA.get(digits.slice(1, 4)) ?? null;
  return COUNTRIES[digits.slice(0, 3)] ?? COUNTRIES[digits.slice(0, 2)] ?? null;
}
