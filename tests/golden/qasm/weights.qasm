// Inputs that an annotation makes weights of a layer; other tools see inputs.
//= weight 0.4
//= weight 1.2
//= weight -0.3
//= weight 0.9
//= input x 0.5
//= Z0 0.6216099682706644
//= Z1 0.6216099682706644
OPENQASM 3.0;
include "stdgates.inc";
input float x;
@qusp.weights layer 2 2
input float w00;
input float w01;
input float w10;
input float w11;
qubit[2] q;
ry(w00) q[0];
ry(x) q[0];
rz(w01) q[0];
ry(w11) q[1];
rz(w10) q[1];
