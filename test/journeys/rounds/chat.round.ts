// Web chat.
import '../../harness/round.js';
import '../chat.widget-script.spec.js';
import '../chat.answered.spec.js';
import '../chat.attachments.spec.js';
import '../chat.claims.spec.js';
import '../falls-from-a-chat.spec.js';
import '../chat.crash.spec.js';
