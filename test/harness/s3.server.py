"""OpenStack Swift in one process, with its S3 door open: a store that checks signatures, for the tests of the media store.

Debian has it (python3-swift). Usage: s3.server.py FOLDER; prints its port once it answers, and ends with its standard input.
"""
import os
import sys

import eventlet

eventlet.monkey_patch()

import swift.common.utils as utils  # noqa: E402
from eventlet import wsgi  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402

utils.HASH_PATH_SUFFIX = utils.HASH_PATH_PREFIX = b'tests'
from swift.common.wsgi import loadapp  # noqa: E402

folder = sys.argv[1]
os.makedirs(os.path.join(folder, 'devices', 'd1'))
sockets = {name: eventlet.listen(('127.0.0.1', 0)) for name in ('account', 'container', 'object', 'proxy')}
APPS = {'account': 'account', 'container': 'container', 'object': 'mem_object'}
PROXY = """
[pipeline:main]
pipeline = catch_errors gatekeeper cache s3api tempauth copy versioned_writes slo symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
location = eu-test-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_hub = sesame .admin
[filter:copy]
use = egg:swift#copy
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:slo]
use = egg:swift#slo
[filter:symlink]
use = egg:swift#symlink
"""


def serve(name, pipeline):
    conf = os.path.join(folder, name + '.conf')
    with open(conf, 'w') as file:
        file.write('[DEFAULT]\nswift_dir = %s\ndevices = %s/devices\nmount_check = false\nlog_level = CRITICAL\n%s' % (folder, folder, pipeline))
    eventlet.spawn(wsgi.server, sockets[name], loadapp(conf, global_conf={'log_name': name}), log_output=False)


for name in APPS:
    ring = RingBuilder(2, 1, 1)
    ring.add_dev({'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': sockets[name].getsockname()[1], 'device': 'd1', 'weight': 1.0})
    ring.rebalance()
    ring.get_ring().save(os.path.join(folder, name + '.ring.gz'))
for name, app in APPS.items():
    serve(name, '[pipeline:main]\npipeline = %s-server\n[app:%s-server]\nuse = egg:swift#%s\n' % (name, name, app))
serve('proxy', PROXY)
print(sockets['proxy'].getsockname()[1], flush=True)
eventlet.spawn(lambda: eventlet.tpool.execute(sys.stdin.read)).wait()
