// The Fourier transform of |001>: amplitude k is e^(2 pi i k/8)/sqrt 8, so <X> of wire j is cos(2 pi 2^(2-j)/8).
//= Z0 0
//= X0 -1
//= X1 0
//= Y1 1
//= X2 0.7071067811865476
//= Y2 0.7071067811865475
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
x q[2];
h q[0]; cu1(pi/2) q[1],q[0]; cu1(pi/4) q[2],q[0];
h q[1]; cu1(pi/2) q[2],q[1];
h q[2];
swap q[0],q[2];
