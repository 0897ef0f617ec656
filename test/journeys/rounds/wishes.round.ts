// What somebody does not want.
import '../../harness/round.js';
import '../stop-in-plain-words.spec.js';
import '../opted-out-on-every-path.spec.js';
import '../quiet-hours.spec.js';
import '../falls-to-another-address.spec.js';
import '../answers-from-pages.spec.js';
import '../attachments.spec.js';
import '../buttons.spec.js';
