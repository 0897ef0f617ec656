// What programs ask.
import '../../harness/round.js';
import '../api.tenants-apart.spec.js';
import '../api.staff.spec.js';
import '../api.oncall.spec.js';
import '../api.tokens.spec.js';
import '../api.shapes.spec.js';
