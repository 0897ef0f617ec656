// Who wants to be forgotten.
import '../../harness/round.js';
import '../erased-call.spec.js';
import '../erased.spec.js';
import '../erased-after-stop.spec.js';
import '../erased-files.spec.js';
import '../erased-and-back.spec.js';
import '../erased-crash.spec.js';
