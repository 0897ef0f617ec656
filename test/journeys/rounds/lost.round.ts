// What Twilio does not say, says late, or loses.
import '../../harness/round.js';
import '../twilio-too-busy.spec.js';
import '../outcome-unknown.spec.js';
import '../webhook-lost.spec.js';
import '../staff-webhook-lost.spec.js';
import '../catch-up-goes-on.spec.js';
import '../stranger-waits.spec.js';
import '../queue-lost.spec.js';
import '../connections-cut.spec.js';
import '../sender-rate.spec.js';
