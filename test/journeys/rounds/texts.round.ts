// What becomes of a text, and of its answer.
import '../../harness/round.js';
import '../answered.spec.js';
import '../duplicate-webhook.spec.js';
import '../long-reply.spec.js';
import '../odd-texts.spec.js';
import '../model-fails.spec.js';
import '../newer-message.spec.js';
import '../receipts-in-any-order.spec.js';
import '../refused.spec.js';
import '../opt-out.spec.js';
import '../two-tenants.spec.js';
