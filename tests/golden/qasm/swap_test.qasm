// |<a|b>|^2 = cos^2(0.4) for ry(0.8) against |0>: the ancilla is 0 with (1 + cos^2 0.4)/2, so <Z> = cos^2 0.4.
//= Z0 0.8483533546735827
OPENQASM 2.0;
include "qelib1.inc";
qreg anc[1]; qreg a[1]; qreg b[1];
ry(0.8) a[0];
h anc[0];
cswap anc[0],a[0],b[0];
h anc[0];
