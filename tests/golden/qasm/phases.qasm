// gphase under a control is a phase of the control; U has the determinant of the specification.
//= X0 0.7648421872844885
//= Y0 0.644217687237691
//= X1 0.9210609940028851
//= Y1 -0.3894183423086505
//= X2 0.9004471023526769
//= Y2 0.43496553411123023
OPENQASM 3.0;
include "stdgates.inc";
qubit[4] q;
h q[0]; h q[1]; h q[2];
gphase(0.2);
ctrl @ gphase(0.7) q[0];
negctrl @ gphase(0.4) q[1];
ctrl @ U(0.9, 0, 0) q[2], q[3];          // e^(0.45 i) ry(0.9): the control is turned and damped
ctrl @ inv @ ry(0.9) q[2], q[3];
