// <Z> = cos theta, and affine in two inputs.
//= input theta 0.3
//= input phi -1.1
//= Z0 0.955336489125606
//= Z1 -0.12884449429552486
//= Z2 0.9887710779360422
OPENQASM 3.0;
include "stdgates.inc";
input float[64] theta;
input angle phi;
qubit[3] q;
ry(theta) q[0];
rx(2 * phi + 0.5) q[1];
ry(-theta / 2) q[2];
