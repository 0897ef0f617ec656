// One person, and the people who answer them.
import '../../harness/round.js';
import '../what-is-known.spec.js';
import '../staff-takes-over.spec.js';
import '../foreign-conversations.spec.js';
import '../merged-and-parted-again.spec.js';
import '../claimed-number-is-verified.spec.js';
