// Phone calls.
import '../../harness/round.js';
import '../call-and-text.spec.js';
import '../call-from-nobody.spec.js';
import '../call-is-interrupted.spec.js';
import '../call-is-left.spec.js';
import '../call-knows-the-text.spec.js';
import '../call-socket.spec.js';
