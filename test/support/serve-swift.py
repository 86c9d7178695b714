"""OpenStack Swift with its S3 API in one process, on loopback, for tests: serve-swift.py FOLDER USER SECRET.

USER is an account and a name with a colon between. Says its port on standard output once it answers. It is the storage that Debian ships:
signatures, their expiry and the hash of what is sent are checked as in production."""
import eventlet

eventlet.monkey_patch()

import logging
import os
import sys

from eventlet import listen, spawn, wsgi
from eventlet.patcher import original
from swift.common import storage_policy, utils
from swift.common.ring import RingBuilder
from swift.common.wsgi import loadapp

folder, user, secret = sys.argv[1:]


def leave_with_parent():
    """Standard input ends with whoever started this, however that ended."""
    original('os').read(0, 1)
    os._exit(0)


original('threading').Thread(target=leave_with_parent, daemon=True).start()
silent = logging.getLogger('silent')
silent.addHandler(logging.NullHandler())
silent.propagate = False


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, 'w') as file:
        file.write(text)
    return path


def serve(kind, text):
    return loadapp(write(kind + '.conf', text), global_conf={'log_name': kind, 'log_address': '/nowhere'})


write('swift.conf', '[swift-hash]\nswift_hash_path_suffix = test\nswift_hash_path_prefix = test\n[storage-policy:0]\nname = one\ndefault = yes\n')
utils.set_swift_dir(folder)
utils.validate_hash_conf()
storage_policy.reload_storage_policies()
os.makedirs(os.path.join(folder, 'disk', 'd1'))

sockets = {}
for kind in ('account', 'container', 'object'):
    sockets[kind] = listen(('127.0.0.1', 0))
    place = {'ip': '127.0.0.1', 'port': sockets[kind].getsockname()[1]}
    builder = RingBuilder(1, 1, 0)
    builder.add_dev({'id': 0, 'region': 1, 'zone': 1, 'weight': 1, 'device': 'd1', 'meta': '', **place,
                     'replication_ip': place['ip'], 'replication_port': place['port']})
    builder.rebalance()
    builder.get_ring().save(os.path.join(folder, kind + '.ring.gz'))
for kind, socket in sockets.items():
    app = serve(kind, f'''[DEFAULT]
devices = {folder}/disk
mount_check = false
swift_dir = {folder}
fallocate_reserve = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
''')
    spawn(wsgi.server, socket, app, silent, log_output=False)

front = listen(('127.0.0.1', 0))
proxy = serve('proxy', f'''[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = cache s3api tempauth proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
allowable_clock_skew = 300
[filter:tempauth]
use = egg:swift#tempauth
user_{user.replace(':', '_')} = {secret} .admin
''')
print(front.getsockname()[1], flush=True)
wsgi.server(front, proxy, silent, log_output=False)
