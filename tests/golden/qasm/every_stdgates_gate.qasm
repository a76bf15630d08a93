// Each gate of stdgates.inc followed by its inverse leaves |000>.
//= P 000 1
OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q;
h q[0];
p(0.1) q[0]; inv @ p(0.1) q[0];
x q[1]; inv @ x q[1]; y q[1]; inv @ y q[1]; z q[1]; inv @ z q[1]; h q[1]; inv @ h q[1];
s q[1]; inv @ s q[1]; sdg q[1]; inv @ sdg q[1]; t q[1]; inv @ t q[1]; tdg q[1]; inv @ tdg q[1]; sx q[1]; inv @ sx q[1];
rx(0.2) q[1]; inv @ rx(0.2) q[1]; ry(0.2) q[1]; inv @ ry(0.2) q[1]; rz(0.2) q[1]; inv @ rz(0.2) q[1];
cx q[0], q[1]; inv @ cx q[0], q[1]; cy q[0], q[1]; inv @ cy q[0], q[1]; cz q[0], q[1]; inv @ cz q[0], q[1];
cp(0.3) q[0], q[1]; inv @ cp(0.3) q[0], q[1];
crx(0.3) q[0], q[1]; inv @ crx(0.3) q[0], q[1]; cry(0.3) q[0], q[1]; inv @ cry(0.3) q[0], q[1]; crz(0.3) q[0], q[1]; inv @ crz(0.3) q[0], q[1];
ch q[0], q[1]; inv @ ch q[0], q[1]; swap q[0], q[1]; inv @ swap q[0], q[1];
ccx q[0], q[1], q[2]; inv @ ccx q[0], q[1], q[2]; cswap q[0], q[1], q[2]; inv @ cswap q[0], q[1], q[2];
cu(0.1, 0.2, 0.3, 0.4) q[0], q[1]; inv @ cu(0.1, 0.2, 0.3, 0.4) q[0], q[1];
CX q[0], q[1]; inv @ CX q[0], q[1]; phase(0.5) q[0]; inv @ phase(0.5) q[0]; cphase(0.5) q[0], q[1]; inv @ cphase(0.5) q[0], q[1];
id q[0]; u1(0.1) q[0]; inv @ u1(0.1) q[0]; u2(0.1, 0.2) q[0]; inv @ u2(0.1, 0.2) q[0]; u3(0.1, 0.2, 0.3) q[0]; inv @ u3(0.1, 0.2, 0.3) q[0];
U(0.1, 0.2, 0.3) q[0]; inv @ U(0.1, 0.2, 0.3) q[0];
h q[0];
